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
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/coupons}: a percentage or an amount off, once, for some months or for ever. */
final class Coupons implements Endpoint.Group {
    private static final String URL = "/v1/coupons";
    /** How other calls name coupons: {@code discounts[0][coupon]}. */
    static final ParameterType DISCOUNTS = ParameterType.unsettable(
            ParameterType.list(ParameterType.object(Parameters.NONE.required("coupon", ParameterType.text()))));

    private static final Parameters UPDATE = Parameters.NONE
            .optional("name", ParameterType.unsettable(ParameterType.text()))
            .optional("metadata", ParameterType.metadata());

    private static final Parameters CREATE = UPDATE.optional("id", ParameterType.text())
            .optional("percent_off", ParameterType.integer(1, 100))
            .optional("amount_off", ParameterType.integer(1, PriceParameters.MAX_AMOUNT))
            .optional("currency", PriceParameters.CURRENCY)
            .optional("duration", ParameterType.choice("forever", "once", "repeating"))
            .optional("duration_in_months", ParameterType.integer(1, 1_000));

    private static final Parameters LIST = Parameters.list().optional("created", ParameterType.timeRange());

    private final Billing.Tools tools;
    private final Store store;

    Coupons(Billing.Tools tools) {
        this.tools = tools;
        this.store = tools.store();
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post(URL, Kind.COUPON, CREATE, this::create),
                Endpoint.get(URL + "/{id}", Kind.COUPON, call -> find(call.id())),
                Endpoint.post(URL + "/{id}", Kind.COUPON, UPDATE, this::update),
                Endpoint.delete(URL + "/{id}", Kind.COUPON, Parameters.NONE, this::delete),
                Endpoint.list(
                        URL,
                        Kind.COUPON,
                        LIST,
                        call -> tools.lists()
                                .page(call, URL, Kind.COUPON, Filter.ALL, coupon -> Lists.created(call, coupon))));
    }

    private ObjectNode create(Call call) {
        if (call.has("percent_off") == call.has("amount_off")) {
            throw StripeRefusal.invalid(
                    "parameter_missing", "You must pass either percent_off or amount_off.", "percent_off");
        }
        String wanted = call.text("id");
        String id = wanted == null ? tools.ids().next(Kind.COUPON) : wanted;
        if (store.find(Kind.COUPON, id) != null) {
            throw StripeRefusal.invalid("resource_already_exists", "Coupon already exists.", "id");
        }
        ObjectNode coupon = Shapes.of(Kind.COUPON, id, tools.clock().now()).put("duration", "once");
        call.copyTo(coupon, "percent_off", "amount_off", "currency", "duration", "duration_in_months", "name");
        call.mergeMetadata(coupon);
        store.put(Kind.COUPON, coupon);
        tools.events().emit("coupon.created", coupon);
        return coupon;
    }

    private ObjectNode find(String id) {
        ObjectNode coupon = store.find(Kind.COUPON, id);
        if (coupon == null) {
            throw StripeRefusal.notFound("coupon", id);
        }
        return coupon;
    }

    private ObjectNode update(Call call) {
        ObjectNode before = find(call.id());
        ObjectNode after = before.deepCopy();
        call.copyTo(after, "name");
        call.mergeMetadata(after);
        store.put(Kind.COUPON, after);
        tools.events().emitChange("coupon.updated", before, after);
        return after;
    }

    private ObjectNode delete(Call call) {
        ObjectNode coupon = find(call.id());
        store.remove(Kind.COUPON, call.id());
        tools.events().emit("coupon.deleted", coupon);
        return Json.object().put("id", call.id()).put("object", "coupon").put("deleted", true);
    }
}
