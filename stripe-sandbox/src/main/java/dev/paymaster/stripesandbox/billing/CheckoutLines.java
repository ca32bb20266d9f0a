package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.state.Ids;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The lines of a Checkout session: of known prices, or of prices that are made on the spot ({@code price_data}). */
final class CheckoutLines {
    static final ParameterType TYPE = ParameterType.list(ParameterType.object(Parameters.NONE
            .optional("price", ParameterType.text())
            .optional("price_data", ParameterType.object(PriceParameters.INLINE))
            .optional("quantity", ParameterType.integer(1, 999_999))
            .ignoring("adjustable_quantity")));

    private final Store store;
    private final Ids ids;
    private final Prices prices;

    CheckoutLines(Store store, Ids ids, Prices prices) {
        this.store = store;
        this.ids = ids;
        this.prices = prices;
    }

    /** Reads lines that are all in one currency and all of the kind that the mode sells. */
    List<ObjectNode> read(JsonNode given, String mode) {
        List<ObjectNode> lines = new ArrayList<>();
        for (JsonNode line : given) {
            String param = "line_items[" + lines.size() + "]";
            ObjectNode price = prices.given(line, param);
            refuse(price, mode, param + "[price]");
            String product = Json.require(store.get(Kind.PRODUCT, Json.require(price, "product")), "name");
            lines.add(line(price, line.path("quantity").asLong(1), product));
        }
        if (lines.stream()
                        .map(line -> Json.require(line, "currency"))
                        .distinct()
                        .count()
                > 1) {
            throw StripeRefusal.invalid(null, "All line items must have the same currency.", "line_items");
        }
        return lines;
    }

    private static void refuse(ObjectNode price, String mode, String param) {
        boolean recurring = price.required("recurring").isObject();
        if (recurring && mode.equals("payment")) {
            throw StripeRefusal.invalid(
                    null,
                    "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or"
                            + " use only one-time prices.",
                    param);
        }
        if (!recurring && mode.equals("subscription")) {
            throw StripeRefusal.invalid(
                    null, "In the sandbox, `subscription` mode takes recurring prices only.", param);
        }
    }

    /** A line as Checkout shows it. */
    private ObjectNode line(ObjectNode price, long quantity, String description) {
        long amount = price.required("unit_amount").longValue() * quantity;
        ObjectNode line = Shapes.of("item")
                .put("id", ids.next("li_"))
                .put("amount_subtotal", amount)
                .put("amount_total", amount)
                .put("currency", Json.require(price, "currency"))
                .put("description", description)
                .put("quantity", quantity);
        line.set("price", price);
        return line;
    }
}
