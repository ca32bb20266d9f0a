package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.Lists;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.events.EventLog;
import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Ids;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/prices}: fixed amounts per unit, once or by day, week, month or year, in any of a few currencies. */
public final class Prices implements Endpoint.Group {
    private final Store store;
    private final Ids ids;
    private final SandboxClock clock;
    private final EventLog events;
    private final Lists lists;
    private final Products products;

    public Prices(Store store, Ids ids, SandboxClock clock, EventLog events, Lists lists, Products products) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.lists = lists;
        this.products = products;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post("/v1/prices", Kind.PRICE, PriceParameters.CREATE, this::create),
                Endpoint.get("/v1/prices/{id}", Kind.PRICE, this::retrieve),
                Endpoint.post("/v1/prices/{id}", Kind.PRICE, PriceParameters.UPDATE, this::update),
                Endpoint.list("/v1/prices", Kind.PRICE, PriceParameters.LIST, this::list));
    }

    /**
     * Makes sure that a monthly price of this amount exists for a tier, with an id that follows from its name. Called
     * inside {@link Store#transact}.
     */
    public String ensureMonthly(String tier, int cents, String currency) {
        String id = "price_paymaster_" + tier;
        ObjectNode existing = store.find(Kind.PRICE, id);
        if (existing == null || existing.required("unit_amount").intValue() != cents) {
            String product = "prod_paymaster_" + tier;
            products.ensure(product, tier);
            ObjectNode price = Shapes.of(Kind.PRICE, id, clock.now())
                    .put("currency", currency)
                    .put("product", product);
            price.set("recurring", recurring("month", 1));
            save(price, cents);
        }
        return id;
    }

    /** The price of a line that has a {@code price} or a {@code price_data}; one that is for sale. */
    ObjectNode given(JsonNode line, String param) {
        String id = Json.text(line, "price");
        JsonNode data = line.path("price_data");
        if ((id == null) == data.isMissingNode()) {
            throw StripeRefusal.invalid("parameter_missing", "Give one of price and price_data.", param + "[price]");
        }
        if (id == null) {
            return inline(data, param + "[price_data]");
        }
        ObjectNode price = named(id, param + "[price]");
        if (!price.required("active").booleanValue()) {
            throw StripeRefusal.invalid(
                    null, "The price specified is inactive. This field only accepts active prices.", param + "[price]");
        }
        return price;
    }

    /** An inline price can't be used again, so Stripe makes it inactive. */
    private ObjectNode inline(JsonNode data, String param) {
        String product = Json.text(data, "product");
        JsonNode named = data.path("product_data");
        if ((product == null) == named.isMissingNode()) {
            throw StripeRefusal.invalid("parameter_missing", "Give one of product and product_data.", param);
        }
        if (product != null && store.find(Kind.PRODUCT, product) == null) {
            throw StripeRefusal.missing("product", product, param + "[product]");
        }
        ObjectNode price = Shapes.of(Kind.PRICE, ids.next(Kind.PRICE), clock.now())
                .put("active", false)
                .put("currency", Json.require(data, "currency"))
                .put("product", product == null ? products.inline(named) : product);
        if (data.path("recurring").isObject()) {
            price.set("recurring", recurring(data.path("recurring")));
        }
        return save(price, data.required("unit_amount").longValue());
    }

    /** The price that a parameter names. */
    ObjectNode named(String id, String param) {
        ObjectNode price = store.find(Kind.PRICE, id);
        if (price == null) {
            throw StripeRefusal.missing("price", id, param);
        }
        return price;
    }

    private ObjectNode create(Call call) {
        if (store.find(Kind.PRODUCT, call.require("product")) == null) {
            throw StripeRefusal.missing("product", call.require("product"), "product");
        }
        ObjectNode price = Shapes.of(Kind.PRICE, ids.next(Kind.PRICE), clock.now());
        call.copyTo(price, "currency", "product", "active", "nickname", "lookup_key", "tax_behavior");
        call.mergeMetadata(price);
        JsonNode recurring = call.get("recurring");
        if (recurring.isObject()) {
            price.set("recurring", recurring(recurring));
        }
        return save(price, call.integer("unit_amount"));
    }

    private ObjectNode retrieve(Call call) {
        ObjectNode price = store.find(Kind.PRICE, call.id());
        if (price == null) {
            throw StripeRefusal.notFound("price", call.id());
        }
        return price;
    }

    private ObjectNode update(Call call) {
        ObjectNode before = retrieve(call);
        ObjectNode price = before.deepCopy();
        call.copyTo(price, "active", "nickname", "lookup_key");
        call.mergeMetadata(price);
        store.put(Kind.PRICE, price);
        events.emitChange("price.updated", before, price);
        return price;
    }

    private ObjectNode list(Call call) {
        String product = call.text("product");
        String type = call.text("type");
        List<String> keys =
                call.get("lookup_keys").valueStream().map(JsonNode::stringValue).toList();
        return lists.page(
                call,
                "/v1/prices",
                Kind.PRICE,
                product == null ? Filter.ALL : Filter.field("/product", product),
                price -> Lists.created(call, price)
                        && (type == null || type.equals(Json.text(price, "type")))
                        && (keys.isEmpty() || keys.contains(String.valueOf(Json.text(price, "lookup_key"))))
                        && (!call.has("active") || price.required("active").booleanValue() == call.flag("active")));
    }

    private ObjectNode save(ObjectNode price, long cents) {
        price.put("unit_amount", cents)
                .put("unit_amount_decimal", String.valueOf(cents))
                .put("type", price.required("recurring").isNull() ? "one_time" : "recurring");
        store.put(Kind.PRICE, price);
        events.emit("price.created", price);
        return price;
    }

    private static ObjectNode recurring(JsonNode given) {
        return recurring(
                Json.require(given, "interval"), given.path("interval_count").asInt(1));
    }

    private static ObjectNode recurring(String interval, int count) {
        return Json.object()
                .put("interval", interval)
                .put("interval_count", count)
                .putNull("meter")
                .putNull("trial_period_days")
                .put("usage_type", "licensed");
    }
}
