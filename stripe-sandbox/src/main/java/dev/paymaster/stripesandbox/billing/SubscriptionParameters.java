package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;

/** What the calls of {@code /v1/subscriptions} take. */
final class SubscriptionParameters {
    private static final ParameterType TIME = ParameterType.integer(0, Long.MAX_VALUE);

    static final ParameterType DETAILS = ParameterType.object(Parameters.NONE
            .optional("comment", ParameterType.unsettable(ParameterType.text()))
            .optional("feedback", ParameterType.unsettable(ParameterType.text())));

    private static final Parameters NEW_ITEM = Parameters.NONE
            .optional("price", ParameterType.text())
            .optional("price_data", ParameterType.object(PriceParameters.INLINE))
            .optional("quantity", ParameterType.integer(1, 999_999));

    private static final Parameters CHANGED_ITEM =
            NEW_ITEM.optional("id", ParameterType.text()).optional("deleted", ParameterType.bool());

    private static final Parameters PAUSE = Parameters.NONE
            .required("behavior", ParameterType.choice("keep_as_draft", "mark_uncollectible", "void"))
            .optional("resumes_at", TIME);

    private static final Parameters BOTH = Parameters.NONE
            .optional("cancel_at_period_end", ParameterType.bool())
            .optional("collection_method", ParameterType.choice("charge_automatically", "send_invoice"))
            .optional("days_until_due", ParameterType.integer(1, 365))
            .optional("description", ParameterType.unsettable(ParameterType.text()))
            .optional("default_payment_method", ParameterType.text())
            .optional("discounts", Coupons.DISCOUNTS)
            .optional("metadata", ParameterType.metadata())
            .optional("payment_behavior", ParameterType.choice("allow_incomplete", "error_if_incomplete"))
            .optional("proration_behavior", ParameterType.choice("always_invoice", "create_prorations", "none"))
            .ignoring("off_session", "payment_settings");

    static final Parameters CREATE = BOTH.required("customer", ParameterType.text())
            .required("items", ParameterType.list(ParameterType.object(NEW_ITEM)))
            .optional("trial_period_days", ParameterType.integer(1, 730))
            .optional("trial_end", TIME)
            .optional("currency", PriceParameters.CURRENCY)
            .optional("cancel_at", TIME);

    static final Parameters UPDATE = BOTH.optional("cancellation_details", DETAILS)
            .optional("items", ParameterType.list(ParameterType.object(CHANGED_ITEM)))
            .optional("billing_cycle_anchor", ParameterType.choice("now", "unchanged"))
            .optional("cancel_at", ParameterType.unsettable(TIME))
            .optional("pause_collection", ParameterType.unsettable(ParameterType.object(PAUSE)))
            .optional("proration_date", TIME);

    static final Parameters CANCEL = Parameters.NONE
            .optional("cancellation_details", DETAILS)
            .optional("invoice_now", ParameterType.bool())
            .optional("prorate", ParameterType.bool());

    static final Parameters LIST = Parameters.list()
            .optional("customer", ParameterType.text())
            .optional("price", ParameterType.text())
            .optional(
                    "status",
                    ParameterType.choice(
                            "active",
                            "all",
                            "canceled",
                            "ended",
                            "incomplete",
                            "incomplete_expired",
                            "past_due",
                            "paused",
                            "trialing",
                            "unpaid"))
            .optional("created", ParameterType.timeRange());

    private SubscriptionParameters() {}
}
