package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.Lists;
import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;
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

/** {@code /v1/products}. */
public final class Products implements Endpoint.Group {
    private static final String[] FIELDS = {"name", "description", "active", "images", "statement_descriptor", "url"};

    private static final Parameters UPDATE = Parameters.NONE
            .optional("name", ParameterType.text())
            .optional("description", ParameterType.unsettable(ParameterType.text()))
            .optional("active", ParameterType.bool())
            .optional("images", ParameterType.list(ParameterType.url()))
            .optional("statement_descriptor", ParameterType.text())
            .optional("url", ParameterType.unsettable(ParameterType.url()))
            .optional("metadata", ParameterType.metadata());

    private static final Parameters CREATE =
            UPDATE.required("name", ParameterType.text()).optional("id", ParameterType.text());

    private static final Parameters LIST =
            Parameters.list().optional("active", ParameterType.bool()).optional("created", ParameterType.timeRange());

    private final Store store;
    private final Ids ids;
    private final SandboxClock clock;
    private final EventLog events;
    private final Lists lists;

    public Products(Store store, Ids ids, SandboxClock clock, EventLog events, Lists lists) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.lists = lists;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post("/v1/products", Kind.PRODUCT, CREATE, this::create),
                Endpoint.get("/v1/products/{id}", Kind.PRODUCT, this::retrieve),
                Endpoint.post("/v1/products/{id}", Kind.PRODUCT, UPDATE, this::update),
                Endpoint.list("/v1/products", Kind.PRODUCT, LIST, this::list));
    }

    /** Makes sure that a product of this id exists. */
    void ensure(String id, String name) {
        if (store.find(Kind.PRODUCT, id) == null) {
            save(fresh(id).put("name", name));
        }
    }

    /** A product that is made on the spot with its price, and the id of it. */
    String inline(JsonNode data) {
        ObjectNode product = fresh(ids.next(Kind.PRODUCT)).put("active", false);
        data.forEachEntry(product::set);
        return Json.require(save(product), "id");
    }

    private ObjectNode create(Call call) {
        String wanted = call.text("id");
        if (wanted != null && store.find(Kind.PRODUCT, wanted) != null) {
            throw StripeRefusal.invalid("resource_already_exists", "Product already exists.", "id");
        }
        ObjectNode product = fresh(wanted == null ? ids.next(Kind.PRODUCT) : wanted);
        call.copyTo(product, FIELDS);
        call.mergeMetadata(product);
        return save(product);
    }

    private ObjectNode retrieve(Call call) {
        ObjectNode product = store.find(Kind.PRODUCT, call.id());
        if (product == null) {
            throw StripeRefusal.notFound("product", call.id());
        }
        return product;
    }

    private ObjectNode update(Call call) {
        ObjectNode before = retrieve(call);
        ObjectNode product = before.deepCopy().put("updated", clock.now());
        call.copyTo(product, FIELDS);
        call.mergeMetadata(product);
        store.put(Kind.PRODUCT, product);
        events.emitChange("product.updated", before, product);
        return product;
    }

    private ObjectNode list(Call call) {
        return lists.page(
                call,
                "/v1/products",
                Kind.PRODUCT,
                Filter.ALL,
                product -> Lists.created(call, product)
                        && (!call.has("active") || product.required("active").booleanValue() == call.flag("active")));
    }

    private ObjectNode fresh(String id) {
        return Shapes.of(Kind.PRODUCT, id, clock.now()).put("updated", clock.now());
    }

    private ObjectNode save(ObjectNode product) {
        store.put(Kind.PRODUCT, product);
        events.emit("product.created", product);
        return product;
    }
}
