package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.state.Json;
import tools.jackson.databind.node.ObjectNode;

/** What an invoice copies from others when it is drafted, so that it stays as it was when they change. */
final class InvoiceShapes {
    private InvoiceShapes() {}

    static void copyCustomer(ObjectNode invoice, ObjectNode customer) {
        invoice.set("customer", customer.required("id"));
        invoice.set("test_clock", customer.required("test_clock"));
        for (String field : new String[] {"address", "email", "name", "phone", "shipping"}) {
            invoice.set("customer_" + field, customer.required(field));
        }
    }

    /** The snapshot of a subscription's metadata by which an invoice identifies its user. */
    static void copySubscription(ObjectNode invoice, ObjectNode subscription) {
        ObjectNode parent = invoice.putObject("parent").putNull("quote_details").put("type", "subscription_details");
        parent.putObject("subscription_details")
                .put("subscription", Json.require(subscription, "id"))
                .set("metadata", subscription.required("metadata"));
        invoice.set("collection_method", subscription.required("collection_method"));
        if (subscription.required("days_until_due").isNumber()) {
            long days = subscription.required("days_until_due").longValue();
            invoice.put("due_date", invoice.required("created").longValue() + days * 24 * 60 * 60);
        }
    }
}
