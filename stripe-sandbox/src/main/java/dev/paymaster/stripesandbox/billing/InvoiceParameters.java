package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;

/** What the calls that change invoices take. */
final class InvoiceParameters {
    static final Parameters UPDATE = Parameters.NONE
            .optional("auto_advance", ParameterType.bool())
            .optional("collection_method", ParameterType.choice("charge_automatically", "send_invoice"))
            .optional("days_until_due", ParameterType.integer(0, 365))
            .optional("default_payment_method", ParameterType.text())
            .optional("description", ParameterType.unsettable(ParameterType.text()))
            .optional("footer", ParameterType.unsettable(ParameterType.text()))
            .optional("metadata", ParameterType.metadata());

    static final Parameters CREATE = UPDATE.required("customer", ParameterType.text())
            .optional("subscription", ParameterType.text())
            .optional("currency", PriceParameters.CURRENCY)
            .optional("pending_invoice_items_behavior", ParameterType.choice("exclude", "include"));

    static final Parameters FINALIZE = Parameters.NONE.optional("auto_advance", ParameterType.bool());

    static final Parameters PAY = Parameters.NONE
            .optional("paid_out_of_band", ParameterType.bool())
            .optional("payment_method", ParameterType.text())
            .ignoring("off_session");

    private InvoiceParameters() {}
}
