package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;

/** What the calls of {@code /v1/checkout/sessions} take. */
final class CheckoutParameters {
    static final Parameters DATA = Parameters.NONE
            .optional("metadata", ParameterType.metadata())
            .optional("description", ParameterType.text());

    static final Parameters SUBSCRIPTION_DATA = DATA.optional("trial_period_days", ParameterType.integer(1, 730))
            .optional("trial_end", ParameterType.integer(0, Long.MAX_VALUE));

    static final Parameters PAYMENT_DATA =
            DATA.optional("setup_future_usage", ParameterType.choice("off_session", "on_session"));

    static final Parameters CREATE = Parameters.NONE
            .required("mode", ParameterType.choice("subscription", "payment"))
            .required("line_items", CheckoutLines.TYPE)
            .optional("payment_intent_data", ParameterType.object(PAYMENT_DATA))
            .optional("customer_creation", ParameterType.choice("always", "if_required"))
            .optional("discounts", Coupons.DISCOUNTS)
            .optional("submit_type", ParameterType.choice("auto", "book", "donate", "pay", "subscribe"))
            .optional("payment_method_types", ParameterType.list(ParameterType.choice("card", "us_bank_account")))
            .required("success_url", ParameterType.url())
            .optional("cancel_url", ParameterType.url())
            .optional("customer", ParameterType.text())
            .optional("customer_email", ParameterType.email())
            .optional("client_reference_id", ParameterType.text())
            .optional("subscription_data", ParameterType.object(SUBSCRIPTION_DATA))
            .optional("metadata", ParameterType.metadata())
            .optional("expires_at", ParameterType.integer(0, Long.MAX_VALUE))
            .optional("allow_promotion_codes", ParameterType.bool())
            .optional("billing_address_collection", ParameterType.choice("auto", "required"))
            .optional("locale", ParameterType.text())
            .optional("payment_method_collection", ParameterType.choice("always", "if_required"))
            .optional("ui_mode", ParameterType.choice("hosted_page"))
            .ignoring("customer_update", "consent_collection", "custom_text", "phone_number_collection");

    static final Parameters LIST = Parameters.list()
            .optional("customer", ParameterType.text())
            .optional("subscription", ParameterType.text())
            .optional("status", ParameterType.choice("open", "complete", "expired"))
            .optional("created", ParameterType.timeRange());

    private CheckoutParameters() {}
}
