package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;

/** What the calls of {@code /v1/invoiceitems} take. */
final class InvoiceItemParameters {
    private static final long MAX = PriceParameters.MAX_AMOUNT;

    static final Parameters PERIOD = Parameters.NONE
            .required("start", ParameterType.integer(0, Long.MAX_VALUE))
            .required("end", ParameterType.integer(0, Long.MAX_VALUE));

    static final Parameters UPDATE = Parameters.NONE
            .optional("amount", ParameterType.integer(-MAX, MAX))
            .optional("description", ParameterType.text())
            .optional("discountable", ParameterType.bool())
            .optional("period", ParameterType.object(PERIOD))
            .optional("metadata", ParameterType.metadata());

    static final Parameters CREATE = UPDATE.required("customer", ParameterType.text())
            .optional("currency", PriceParameters.CURRENCY)
            .optional("invoice", ParameterType.text())
            .optional("subscription", ParameterType.text())
            .optional("quantity", ParameterType.integer(1, 999_999))
            .optional("pricing", ParameterType.object(Parameters.NONE.required("price", ParameterType.text())))
            .optional("price_data", ParameterType.object(PriceParameters.INLINE));

    static final Parameters LIST = Parameters.list()
            .optional("customer", ParameterType.text())
            .optional("invoice", ParameterType.text())
            .optional("pending", ParameterType.bool())
            .optional("created", ParameterType.timeRange());

    private InvoiceItemParameters() {}
}
