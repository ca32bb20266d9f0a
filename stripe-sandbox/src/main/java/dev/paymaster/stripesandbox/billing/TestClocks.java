package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.lang.System.Logger.Level;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /v1/test_helpers/test_clocks}. As at Stripe, an advance is answered while it goes on: the clock is
 * {@code advancing} until it is {@code ready} (<a href="https://docs.stripe.com/billing/testing/test-clocks">test
 * clocks</a>). The sandbox has one time for all, so every test clock moves everything, and none goes back.
 */
final class TestClocks implements Endpoint.Group {
    private static final System.Logger LOG = System.getLogger(TestClocks.class.getName());
    private static final String URL = "/v1/test_helpers/test_clocks";
    /** Stripe deletes a clock, and what belongs to it, after 30 days. */
    private static final long KEPT_SECONDS = 30L * 24 * 60 * 60;

    private static final ParameterType TIME = ParameterType.integer(0, 253_402_300_799L);

    private static final Parameters ADVANCE = Parameters.NONE.required("frozen_time", TIME);

    private static final Parameters CREATE = ADVANCE.optional("name", ParameterType.text());

    private final Billing.Tools tools;
    private final Store store;
    private final Timeline timeline;

    TestClocks(Billing.Tools tools, Timeline timeline) {
        this.tools = tools;
        this.store = tools.store();
        this.timeline = timeline;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post(URL, Kind.TEST_CLOCK, CREATE, this::create),
                Endpoint.get(URL + "/{id}", Kind.TEST_CLOCK, call -> find(call.id())),
                Endpoint.delete(URL + "/{id}", Kind.TEST_CLOCK, Parameters.NONE, this::delete),
                Endpoint.post(URL + "/{id}/advance", Kind.TEST_CLOCK, ADVANCE, this::advance),
                Endpoint.list(
                        URL,
                        Kind.TEST_CLOCK,
                        Parameters.list(),
                        call -> tools.lists().page(call, URL, Kind.TEST_CLOCK, Filter.ALL)));
    }

    private ObjectNode create(Call call) {
        long now = tools.clock().now();
        ObjectNode clock = Shapes.of(Kind.TEST_CLOCK, tools.ids().next(Kind.TEST_CLOCK), now)
                .put("deletes_after", now + KEPT_SECONDS)
                .put("frozen_time", call.integer("frozen_time"))
                .put("status", "ready");
        call.copyTo(clock, "name");
        store.put(Kind.TEST_CLOCK, clock);
        tools.events().emit("test_helpers.test_clock.created", clock);
        return call.integer("frozen_time") > now ? start(clock, call.integer("frozen_time")) : clock;
    }

    private ObjectNode advance(Call call) {
        ObjectNode clock = find(call.id());
        long target = call.integer("frozen_time");
        if ("advancing".equals(Json.text(clock, "status"))) {
            throw StripeRefusal.invalid(
                    "test_clock_advancing", "The test clock is advancing; wait until it is ready.", null);
        }
        if (target <= clock.required("frozen_time").longValue()) {
            throw StripeRefusal.invalid(
                    null, "A test clock can only be advanced, to a time after its frozen time.", "frozen_time");
        }
        return start(clock, target);
    }

    /** The thread waits for the lock that this call holds. */
    private ObjectNode start(ObjectNode before, long target) {
        ObjectNode advancing = before.deepCopy().put("status", "advancing");
        advancing.withObjectProperty("status_details").putObject("advancing").put("target_frozen_time", target);
        store.put(Kind.TEST_CLOCK, advancing);
        tools.events().emitChange("test_helpers.test_clock.advancing", before, advancing);
        String id = Json.require(before, "id");
        var _ = Thread.ofVirtual().name("sandbox-test-clock").start(() -> run(id, target));
        return advancing;
    }

    private void run(String id, long target) {
        try {
            timeline.advanceTo(target);
            store.transact(() -> ready(id, target));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "A test clock could not be advanced", e);
        }
    }

    private void ready(String id, long target) {
        ObjectNode before = store.find(Kind.TEST_CLOCK, id);
        if (before != null) {
            ObjectNode ready = before.deepCopy().put("status", "ready").put("frozen_time", target);
            ready.putObject("status_details");
            store.put(Kind.TEST_CLOCK, ready);
            tools.events().emitChange("test_helpers.test_clock.ready", before, ready);
        }
    }

    private ObjectNode find(String id) {
        ObjectNode clock = store.find(Kind.TEST_CLOCK, id);
        if (clock == null) {
            throw StripeRefusal.notFound("billing_clock", id);
        }
        return clock;
    }

    private ObjectNode delete(Call call) {
        ObjectNode clock = find(call.id());
        store.remove(Kind.TEST_CLOCK, call.id());
        tools.events().emit("test_helpers.test_clock.deleted", clock);
        return Json.object()
                .put("id", call.id())
                .put("object", Kind.TEST_CLOCK.object())
                .put("deleted", true);
    }
}
