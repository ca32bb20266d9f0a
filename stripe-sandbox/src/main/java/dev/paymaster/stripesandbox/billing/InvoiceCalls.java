package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.Lists;
import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/invoices}, their lines, {@code /v1/invoice_payments}: what was billed and how it was paid. */
final class InvoiceCalls implements Endpoint.Group {
    private static final Parameters LIST = Parameters.list()
            .optional("customer", ParameterType.text())
            .optional("subscription", ParameterType.text())
            .optional("status", ParameterType.choice("draft", "open", "paid", "uncollectible", "void"))
            .optional("collection_method", ParameterType.choice("charge_automatically", "send_invoice"))
            .optional("created", ParameterType.timeRange());

    private static final Parameters PAYMENT = Parameters.NONE
            .required("type", ParameterType.choice("payment_intent"))
            .optional("payment_intent", ParameterType.text());

    private static final Parameters LIST_PAYMENTS = Parameters.list()
            .optional("invoice", ParameterType.text())
            .optional("payment", ParameterType.object(PAYMENT))
            .optional("status", ParameterType.choice("open", "paid", "canceled"))
            .optional("created", ParameterType.timeRange());

    private final Store store;
    private final Lists lists;

    InvoiceCalls(Store store, Lists lists) {
        this.store = store;
        this.lists = lists;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/v1/invoices/{id}", Kind.INVOICE, this::retrieve),
                Endpoint.list("/v1/invoices", Kind.INVOICE, LIST, this::list),
                Endpoint.list("/v1/invoices/{id}/lines", Kind.INVOICE_LINE, Parameters.list(), this::lines),
                Endpoint.get("/v1/invoice_payments/{id}", Kind.INVOICE_PAYMENT, this::payment),
                Endpoint.list("/v1/invoice_payments", Kind.INVOICE_PAYMENT, LIST_PAYMENTS, this::payments));
    }

    private ObjectNode retrieve(Call call) {
        ObjectNode invoice = store.find(Kind.INVOICE, call.id());
        if (invoice == null) {
            throw StripeRefusal.notFound("invoice", call.id());
        }
        return invoice;
    }

    private ObjectNode list(Call call) {
        String customer = call.text("customer");
        String subscription = call.text("subscription");
        String status = call.text("status");
        String collection = call.text("collection_method");
        Filter filter = customer != null ? Filter.field("/customer", customer) : Filter.ALL;
        if (subscription != null) {
            filter = Filter.field("/parent/subscription_details/subscription", subscription);
        }
        return lists.page(
                call,
                "/v1/invoices",
                Kind.INVOICE,
                filter,
                invoice -> Lists.created(call, invoice)
                        && (customer == null || customer.equals(Json.text(invoice, "customer")))
                        && (status == null || status.equals(Json.text(invoice, "status")))
                        && (collection == null || collection.equals(Json.text(invoice, "collection_method"))));
    }

    private ObjectNode lines(Call call) {
        retrieve(call);
        String url = "/v1/invoices/" + call.id() + "/lines";
        return lists.page(call, url, Kind.INVOICE_LINE, Filter.field("/invoice", call.id()));
    }

    private ObjectNode payment(Call call) {
        ObjectNode payment = store.find(Kind.INVOICE_PAYMENT, call.id());
        if (payment == null) {
            throw StripeRefusal.notFound("invoice_payment", call.id());
        }
        return payment;
    }

    private ObjectNode payments(Call call) {
        String invoice = call.text("invoice");
        String status = call.text("status");
        JsonNode by = call.get("payment");
        String intent = by.isObject() ? Json.text(by, "payment_intent") : null;
        Filter filter = invoice != null ? Filter.field("/invoice", invoice) : Filter.ALL;
        if (intent != null) {
            filter = Filter.field("/payment/payment_intent", intent);
        }
        return lists.page(
                call,
                "/v1/invoice_payments",
                Kind.INVOICE_PAYMENT,
                filter,
                payment -> Lists.created(call, payment)
                        && (invoice == null || invoice.equals(Json.text(payment, "invoice")))
                        && (status == null || status.equals(Json.text(payment, "status"))));
    }
}
