package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;

/** What calls take about prices. */
final class PriceParameters {
    /** The largest amount that Stripe takes, in cents. */
    static final long MAX_AMOUNT = 99_999_999;

    /** The currencies that the sandbox knows; Stripe knows more. */
    static final ParameterType CURRENCY = ParameterType.choice("usd", "eur", "gbp", "cad", "aud", "chf", "jpy");

    static final Parameters RECURRING = Parameters.NONE
            .required("interval", ParameterType.choice("day", "week", "month", "year"))
            .optional("interval_count", ParameterType.integer(1, 36))
            .optional("usage_type", ParameterType.choice("licensed"));

    static final Parameters UPDATE = Parameters.NONE
            .optional("active", ParameterType.bool())
            .optional("nickname", ParameterType.unsettable(ParameterType.text()))
            .optional("lookup_key", ParameterType.text())
            .optional("metadata", ParameterType.metadata());

    static final Parameters CREATE = UPDATE.required("currency", CURRENCY)
            .required("product", ParameterType.text())
            .required("unit_amount", ParameterType.integer(0, MAX_AMOUNT))
            .optional("recurring", ParameterType.object(RECURRING))
            .optional("tax_behavior", ParameterType.choice("exclusive", "inclusive", "unspecified"));

    /** A price that is made on the spot, where another call names none. */
    static final Parameters INLINE = Parameters.NONE
            .required("currency", CURRENCY)
            .required("unit_amount", ParameterType.integer(0, MAX_AMOUNT))
            .optional("product", ParameterType.text())
            .optional(
                    "product_data",
                    ParameterType.object(Parameters.NONE
                            .required("name", ParameterType.text())
                            .optional("description", ParameterType.text())
                            .optional("metadata", ParameterType.metadata())))
            .optional("recurring", ParameterType.object(RECURRING))
            .optional("tax_behavior", ParameterType.choice("exclusive", "inclusive", "unspecified"));

    static final Parameters LIST = Parameters.list()
            .optional("active", ParameterType.bool())
            .optional("product", ParameterType.text())
            .optional("type", ParameterType.choice("one_time", "recurring"))
            .optional("lookup_keys", ParameterType.list(ParameterType.text()))
            .optional("created", ParameterType.timeRange());

    private PriceParameters() {}
}
