package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.Parameters;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/invoiceitems}: what waits for a customer's next invoice, put there by a call or by a proration. */
final class InvoiceItems implements Endpoint.Group {
    private static final String URL = "/v1/invoiceitems";

    private final Billing.Tools tools;
    private final Store store;
    private final Customers customers;
    private final Prices prices;
    private final InvoiceLines lines;
    private final Invoices invoices;

    InvoiceItems(Billing.Tools tools, Customers customers, Prices prices, InvoiceLines lines, Invoices invoices) {
        this.tools = tools;
        this.store = tools.store();
        this.customers = customers;
        this.prices = prices;
        this.lines = lines;
        this.invoices = invoices;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post(URL, Kind.INVOICE_ITEM, InvoiceItemParameters.CREATE, this::create),
                Endpoint.get(URL + "/{id}", Kind.INVOICE_ITEM, call -> find(call.id())),
                Endpoint.post(URL + "/{id}", Kind.INVOICE_ITEM, InvoiceItemParameters.UPDATE, this::update),
                Endpoint.delete(URL + "/{id}", Kind.INVOICE_ITEM, Parameters.NONE, this::delete),
                Endpoint.list(URL, Kind.INVOICE_ITEM, InvoiceItemParameters.LIST, this::list));
    }

    /**
     * What waits for the next invoice of a customer, oldest first.
     *
     * @param subscription whose invoice it is; null for one by hand, which takes in what waits of subscriptions, too
     */
    List<ObjectNode> pending(String customer, @Nullable String subscription, String currency) {
        List<ObjectNode> pending = new ArrayList<>();
        store.newestFirst(Kind.INVOICE_ITEM, Filter.field("/customer", customer))
                .filter(item -> item.required("invoice").isNull())
                .filter(item -> currency.equals(Json.text(item, "currency")))
                .filter(item -> isFor(item, subscription))
                .forEach(pending::addFirst);
        return pending;
    }

    /** The items are on an invoice now. */
    void bill(List<ObjectNode> items, String invoice) {
        items.forEach(item -> store.put(Kind.INVOICE_ITEM, item.deepCopy().put("invoice", invoice)));
    }

    /** Puts the parts of a change off until the next invoice. */
    void defer(ObjectNode subscription, List<Prorations.Part> parts) {
        for (Prorations.Part part : parts) {
            JsonNode price = part.item().required("price");
            ObjectNode item = fresh(Json.require(subscription, "customer"), Json.require(price, "currency"))
                    .put("amount", part.cents())
                    .put("net_amount", part.cents())
                    .put("description", part.text())
                    .put("discountable", false)
                    .put("proration", true);
            quantity(item, part.item().required("quantity").longValue());
            item.set("period", part.period().json());
            item.set("pricing", InvoiceLines.pricing(price));
            item.set("metadata", subscription.required("metadata"));
            parent(item, Json.require(subscription, "id"), Json.text(part.item(), "id"));
            save(item);
        }
    }

    private ObjectNode create(Call call) {
        String customer = Json.require(customers.named(call.require("customer"), "customer"), "id");
        String subscription = call.text("subscription");
        if (subscription != null && store.find(Kind.SUBSCRIPTION, subscription) == null) {
            throw StripeRefusal.missing("subscription", subscription, "subscription");
        }
        String invoice = call.text("invoice");
        ObjectNode target = invoice == null ? null : store.find(Kind.INVOICE, invoice);
        if (invoice != null && (target == null || !"draft".equals(Json.text(target, "status")))) {
            throw StripeRefusal.invalid(
                    null, "Invoice items can only be added to an invoice that is a draft.", "invoice");
        }
        ObjectNode item = fresh(customer, call.has("currency") ? call.require("currency") : "usd");
        long quantity = call.integer("quantity", 1);
        quantity(item, quantity);
        price(item, call, quantity);
        call.copyTo(item, "description", "discountable", "period", "invoice");
        call.mergeMetadata(item);
        item.set("net_amount", item.required("amount"));
        if (subscription != null) {
            parent(item, subscription, null);
        }
        ObjectNode saved = save(item);
        if (target != null) {
            invoices.add(target, lines.ofInvoiceItem(saved));
        }
        return saved;
    }

    private void price(ObjectNode item, Call call, long quantity) {
        if (call.has("amount")) {
            item.put("amount", call.integer("amount"));
            return;
        }
        ObjectNode line = Json.object();
        call.copyTo(line, "price_data");
        if (call.get("pricing").isObject()) {
            line.put("price", Json.require(call.get("pricing"), "price"));
        }
        ObjectNode price = prices.given(line, "pricing");
        item.put("amount", price.required("unit_amount").longValue() * quantity)
                .put("currency", Json.require(price, "currency"))
                .put("description", Json.text(store.get(Kind.PRODUCT, Json.require(price, "product")), "name"));
        item.set("pricing", InvoiceLines.pricing(price));
    }

    private ObjectNode update(Call call) {
        ObjectNode before = waiting(call);
        ObjectNode item = before.deepCopy();
        call.copyTo(item, "amount", "description", "discountable", "period");
        item.set("net_amount", item.required("amount"));
        call.mergeMetadata(item);
        store.put(Kind.INVOICE_ITEM, item);
        return item;
    }

    private ObjectNode delete(Call call) {
        ObjectNode item = waiting(call);
        store.remove(Kind.INVOICE_ITEM, call.id());
        tools.events().emit("invoiceitem.deleted", item);
        return Json.object().put("id", call.id()).put("object", "invoiceitem").put("deleted", true);
    }

    private ObjectNode waiting(Call call) {
        ObjectNode item = find(call.id());
        String invoice = Json.text(item, "invoice");
        if (invoice != null) {
            throw StripeRefusal.invalid(null, "The invoice item is on an invoice (" + invoice + ").", null);
        }
        return item;
    }

    private ObjectNode find(String id) {
        ObjectNode item = store.find(Kind.INVOICE_ITEM, id);
        if (item == null) {
            throw StripeRefusal.notFound("invoiceitem", id);
        }
        return item;
    }

    private ObjectNode list(Call call) {
        String customer = call.text("customer");
        String invoice = call.text("invoice");
        Filter filter = customer == null ? Filter.ALL : Filter.field("/customer", customer);
        return tools.lists()
                .page(
                        call,
                        URL,
                        Kind.INVOICE_ITEM,
                        invoice == null ? filter : Filter.field("/invoice", invoice),
                        item -> (!call.has("pending")
                                || call.flag("pending")
                                        == item.required("invoice").isNull()));
    }

    private ObjectNode fresh(String customer, String currency) {
        long now = tools.clock().now();
        ObjectNode item = Shapes.of(Kind.INVOICE_ITEM, tools.ids().next(Kind.INVOICE_ITEM), now)
                .put("currency", currency)
                .put("customer", customer)
                .put("date", now);
        item.set("period", new Period(now, now).json());
        return item;
    }

    private ObjectNode save(ObjectNode item) {
        store.put(Kind.INVOICE_ITEM, item);
        tools.events().emit("invoiceitem.created", item);
        return item;
    }

    private static boolean isFor(ObjectNode item, @Nullable String subscription) {
        String own = Json.text(item.path("parent").path("subscription_details"), "subscription");
        return own == null || subscription == null || own.equals(subscription);
    }

    private static void quantity(ObjectNode item, long quantity) {
        item.put("quantity", quantity).put("quantity_decimal", String.valueOf(quantity));
    }

    private static void parent(ObjectNode item, String subscription, @Nullable String subscriptionItem) {
        ObjectNode details = item.putObject("parent")
                .put("type", "subscription_details")
                .putObject("subscription_details")
                .put("subscription", subscription);
        if (subscriptionItem != null) {
            details.put("subscription_item", subscriptionItem);
        }
    }
}
