package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;

/** What the calls of {@code /v1/credit_notes} take. */
final class CreditNoteParameters {
    static final ParameterType CENTS = ParameterType.integer(0, PriceParameters.MAX_AMOUNT);

    static final Parameters UPDATE =
            Parameters.NONE.optional("memo", ParameterType.text()).optional("metadata", ParameterType.metadata());

    static final Parameters CREATE = UPDATE.required("invoice", ParameterType.text())
            .optional("amount", ParameterType.integer(1, PriceParameters.MAX_AMOUNT))
            .optional("credit_amount", CENTS)
            .optional("refund_amount", CENTS)
            .optional("out_of_band_amount", CENTS)
            .optional(
                    "reason",
                    ParameterType.choice("duplicate", "fraudulent", "order_change", "product_unsatisfactory"));

    static final Parameters LIST = Parameters.list()
            .optional("customer", ParameterType.text())
            .optional("invoice", ParameterType.text())
            .optional("created", ParameterType.timeRange());

    private CreditNoteParameters() {}
}
