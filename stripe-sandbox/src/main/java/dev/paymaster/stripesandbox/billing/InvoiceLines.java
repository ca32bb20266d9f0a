package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Ids;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lines of invoices, before they know theirs. A proration says so in one of two places, as Stripe's do: under
 * {@code parent.subscription_item_details} when it is invoiced at once, under {@code parent.invoice_item_details} when it
 * waited as an invoice item for the next invoice.
 */
final class InvoiceLines {
    private final Store store;
    private final Ids ids;

    InvoiceLines(Store store, Ids ids) {
        this.store = store;
        this.ids = ids;
    }

    /** The current period of a subscription's item; a trial costs nothing. */
    ObjectNode ofPeriod(ObjectNode subscription, JsonNode item) {
        JsonNode price = item.required("price");
        long quantity = item.required("quantity").longValue();
        boolean trial = "trialing".equals(Json.text(subscription, "status"));
        long cents = trial ? 0 : price.required("unit_amount").longValue() * quantity;
        String name = product(price);
        String text = trial ? "Trial period for " + name : describe(quantity, name, price);
        ObjectNode line = priced(subscription, price, quantity, cents, Period.current(item), text);
        line.set("parent", itemParent(subscription, item, false));
        return line;
    }

    /** A part of a period that is taken back or added, and invoiced at once. */
    ObjectNode ofProration(ObjectNode subscription, Prorations.Part part) {
        ObjectNode line = priced(
                subscription,
                part.item().required("price"),
                part.item().required("quantity").longValue(),
                part.cents(),
                part.period(),
                part.text());
        ObjectNode parent = itemParent(subscription, part.item(), true);
        parent.withObject("/subscription_item_details/proration_details")
                .set(
                        "credited_items",
                        credited(
                                Json.require(subscription, "customer"),
                                Json.require(subscription, "id"),
                                line.required("pricing"),
                                part.text()));
        line.set("parent", parent);
        return line.put("discountable", false);
    }

    /** What waited for the next invoice. */
    ObjectNode ofInvoiceItem(ObjectNode invoiceItem) {
        long cents = invoiceItem.required("amount").longValue();
        ObjectNode line = line(cents, Json.text(invoiceItem, "description"))
                .put("quantity", invoiceItem.required("quantity").longValue());
        for (String same :
                new String[] {"currency", "discountable", "metadata", "period", "pricing", "quantity_decimal"}) {
            line.set(same, invoiceItem.required(same));
        }
        String subscription = Json.text(invoiceItem.path("parent").path("subscription_details"), "subscription");
        line.put("subscription", subscription);
        ObjectNode parent = Json.object().putNull("subscription_item_details").put("type", "invoice_item_details");
        parent.putObject("invoice_item_details")
                .put("invoice_item", Json.require(invoiceItem, "id"))
                .put("subscription", subscription)
                .put("proration", invoiceItem.required("proration").booleanValue())
                .putObject("proration_details")
                .set(
                        "credited_items",
                        credited(
                                Json.require(invoiceItem, "customer"),
                                subscription,
                                invoiceItem.required("pricing"),
                                Json.text(invoiceItem, "description")));
        line.set("parent", parent);
        return line;
    }

    /** Whether it bills a part of a period. */
    static boolean isProration(JsonNode line) {
        JsonNode parent = line.required("parent");
        return parent.path("subscription_item_details").path("proration").asBoolean(false)
                || parent.path("invoice_item_details").path("proration").asBoolean(false);
    }

    /** The line that a credit is about; null for others, and for what hasn't been invoiced yet. */
    private JsonNode credited(String customer, @Nullable String subscription, JsonNode pricing, @Nullable String text) {
        if (!Prorations.isCredit(text)) {
            return Json.MAPPER.nullNode();
        }
        return store.newestFirst(Kind.INVOICE, Filter.field("/customer", customer))
                .flatMap(invoice -> Json.data(invoice, "lines").valueStream())
                .filter(line -> pricing.equals(line.required("pricing"))
                        && Objects.equals(subscription, Json.text(line, "subscription"))
                        && !Prorations.isCredit(Json.text(line, "description")))
                .findFirst()
                .<JsonNode>map(line -> {
                    ObjectNode items = Json.object().put("invoice", Json.require(line, "invoice"));
                    items.putArray("invoice_line_items").add(Json.require(line, "id"));
                    return items;
                })
                .orElseGet(Json.MAPPER::nullNode);
    }

    private ObjectNode priced(
            ObjectNode subscription, JsonNode price, long quantity, long cents, Period period, String text) {
        ObjectNode line = line(cents, text)
                .put("currency", Json.require(price, "currency"))
                .put("quantity", quantity)
                .put("quantity_decimal", String.valueOf(quantity))
                .put("subscription", Json.require(subscription, "id"));
        line.set("metadata", subscription.required("metadata"));
        line.set("period", period.json());
        line.set("pricing", pricing(price));
        return line;
    }

    private ObjectNode line(long cents, @Nullable String text) {
        return Shapes.of("line_item")
                .put("id", ids.next(Kind.INVOICE_LINE))
                .put("amount", cents)
                .put("subtotal", cents)
                .put("description", text);
    }

    /** A price in the words of an invoice's line. */
    static ObjectNode pricing(JsonNode price) {
        ObjectNode pricing = Json.object().put("type", "price_details");
        pricing.putObject("price_details")
                .put("price", Json.require(price, "id"))
                .put("product", Json.require(price, "product"));
        pricing.set("unit_amount_decimal", price.required("unit_amount_decimal"));
        return pricing;
    }

    String product(JsonNode price) {
        return Json.require(store.get(Kind.PRODUCT, Json.require(price, "product")), "name");
    }

    private static ObjectNode itemParent(ObjectNode subscription, JsonNode item, boolean proration) {
        ObjectNode parent = Json.object().putNull("invoice_item_details");
        ObjectNode details = parent.putObject("subscription_item_details")
                .putNull("invoice_item")
                .put("proration", proration);
        details.putObject("proration_details").putNull("credited_items");
        details.put("subscription", Json.require(subscription, "id"))
                .put("subscription_item", Json.require(item, "id"));
        return parent.put("type", "subscription_item_details");
    }

    private static String describe(long quantity, String product, JsonNode price) {
        long cents = price.required("unit_amount").longValue();
        return String.format(
                Locale.ROOT,
                "%d × %s (at $%d.%02d / %s)",
                quantity,
                product,
                cents / 100,
                cents % 100,
                price.required("recurring").required("interval").stringValue());
    }
}
