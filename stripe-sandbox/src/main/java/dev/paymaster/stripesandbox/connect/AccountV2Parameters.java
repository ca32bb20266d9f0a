package dev.paymaster.stripesandbox.connect;

import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;

/** What the calls of Accounts v2 take. */
final class AccountV2Parameters {
    static final ParameterType INCLUDE = ParameterType.list(ParameterType.choice(
            "configuration.customer",
            "configuration.merchant",
            "configuration.recipient",
            "defaults",
            "future_requirements",
            "identity",
            "requirements"));

    static final ParameterType REQUESTED =
            ParameterType.object(Parameters.NONE.optional("requested", ParameterType.bool()));

    static final ParameterType RECIPIENT = ParameterType.object(Parameters.NONE
            .optional("applied", ParameterType.bool())
            .optional(
                    "capabilities",
                    ParameterType.object(Parameters.NONE.optional(
                            "stripe_balance",
                            ParameterType.object(Parameters.NONE.optional("stripe_transfers", REQUESTED))))));

    static final Parameters RETRIEVE = Parameters.NONE.optional("include", INCLUDE);

    static final Parameters DEFAULTS = Parameters.NONE
            .optional("currency", ParameterType.text())
            .optional("locales", ParameterType.list(ParameterType.text()))
            .optional(
                    "responsibilities",
                    ParameterType.object(Parameters.NONE
                            .optional("fees_collector", ParameterType.text())
                            .optional("losses_collector", ParameterType.text())))
            .ignoring("profile");

    static final Parameters IDENTITY = Parameters.NONE
            .optional("country", ParameterType.text())
            .optional("entity_type", ParameterType.text())
            .ignoring("attestations", "business_details", "individual");

    static final Parameters WRITE = RETRIEVE.optional("contact_email", ParameterType.text())
            .optional("contact_phone", ParameterType.text())
            .optional("display_name", ParameterType.text())
            .optional("dashboard", ParameterType.choice("express", "full", "none"))
            .optional("configuration", ParameterType.object(Parameters.NONE.optional("recipient", RECIPIENT)))
            .optional("metadata", ParameterType.metadata())
            .optional("defaults", ParameterType.object(DEFAULTS))
            .optional("identity", ParameterType.object(IDENTITY));

    static final Parameters LIST = Parameters.NONE
            .optional("limit", ParameterType.integer(1, 20))
            .optional("page", ParameterType.text())
            .ignoring("applied_configurations");

    static final Parameters CLOSE = Parameters.NONE.ignoring("applied_configurations");

    static final Parameters ONBOARDING = Parameters.NONE
            .required("refresh_url", ParameterType.url())
            .optional("return_url", ParameterType.url())
            .optional("configurations", ParameterType.list(ParameterType.choice("customer", "merchant", "recipient")))
            .ignoring("collection_options");

    static final Parameters LINK = Parameters.NONE
            .required("account", ParameterType.text())
            .required(
                    "use_case",
                    ParameterType.object(Parameters.NONE
                            .required("type", ParameterType.choice("account_onboarding", "account_update"))
                            .optional("account_onboarding", ParameterType.object(ONBOARDING))
                            .optional("account_update", ParameterType.object(ONBOARDING))));

    private AccountV2Parameters() {}
}
