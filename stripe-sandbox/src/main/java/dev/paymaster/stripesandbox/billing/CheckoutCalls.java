package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.Lists;
import dev.paymaster.stripesandbox.api.Parameters;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Ids;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/checkout/sessions}, modes {@code subscription} and {@code payment}. */
final class CheckoutCalls implements Endpoint.Group {
    private static final String URL = "/v1/checkout/sessions";
    /** Stripe's default, and the most it allows. */
    private static final long LIFETIME_SECONDS = 24 * 60 * 60;
    /** Stripe's least. */
    private static final long MIN_LIFETIME_SECONDS = 30 * 60;

    private final Store store;
    private final Ids ids;
    private final SandboxClock clock;
    private final Lists lists;
    private final URI pages;
    private final Customers customers;
    private final CheckoutLines lines;
    private final Discounts discounts;
    private final CheckoutSessions sessions;

    CheckoutCalls(
            Billing.Tools tools,
            Customers customers,
            CheckoutLines lines,
            Discounts discounts,
            CheckoutSessions sessions) {
        this.discounts = discounts;
        this.store = tools.store();
        this.ids = tools.ids();
        this.clock = tools.clock();
        this.lists = tools.lists();
        this.pages = tools.pages();
        this.customers = customers;
        this.lines = lines;
        this.sessions = sessions;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post(URL, Kind.CHECKOUT_SESSION, CheckoutParameters.CREATE, this::create),
                Endpoint.get(URL + "/{id}", Kind.CHECKOUT_SESSION, this::retrieve),
                Endpoint.list(URL, Kind.CHECKOUT_SESSION, CheckoutParameters.LIST, this::list),
                Endpoint.list(URL + "/{id}/line_items", "item", Parameters.list(), this::lineItems),
                Endpoint.post(URL + "/{id}/expire", Kind.CHECKOUT_SESSION, Parameters.NONE, this::expire));
    }

    private ObjectNode create(Call call) {
        String customer = call.text("customer");
        String mode = call.require("mode");
        refuseContradictions(call, customer, mode);
        List<ObjectNode> lines = this.lines.read(call.get("line_items"), mode);
        long expiresAt = expiresAt(call);
        String id = ids.next(Kind.CHECKOUT_SESSION);
        ObjectNode session = Shapes.of(Kind.CHECKOUT_SESSION, id, clock.now())
                .put("expires_at", expiresAt)
                .put("url", pages.resolve("/c/pay/" + id).toString());
        call.copyTo(session, "mode", "success_url", "cancel_url", "customer", "customer_email", "client_reference_id");
        call.copyTo(session, "allow_promotion_codes", "billing_address_collection", "locale");
        call.copyTo(session, "payment_method_collection", "customer_creation", "submit_type", "payment_method_types");
        if (!call.has("payment_method_types")) {
            session.putArray("payment_method_types").add("card").add("us_bank_account");
        }
        session.put("currency", Json.require(lines.getFirst(), "currency"));
        call.mergeMetadata(session);
        long total = lines.stream()
                .mapToLong(line -> line.required("amount_total").longValue())
                .sum();
        amounts(session, call, total);
        if (customer != null) {
            ObjectNode known = customers.named(customer, "customer");
            session.putObject("customer_details")
                    .putNull("address")
                    .putNull("business_name")
                    .putNull("individual_name")
                    .putNull("name")
                    .putNull("phone")
                    .put("tax_exempt", "none")
                    .putNull("tax_ids")
                    .set("email", known.required("email"));
        }
        store.put(Kind.CHECKOUT_SESSION, session);
        store.put(Kind.CHECKOUT_ORDER, order(id, lines, call));
        return session;
    }

    private void refuseContradictions(Call call, @Nullable String customer, String mode) {
        if (customer != null) {
            customers.named(customer, "customer");
            if (call.has("customer_email")) {
                throw StripeRefusal.invalid(
                        null, "You may only specify one of these parameters: customer, customer_email.", "customer");
            }
        }
        String misplaced = mode.equals("payment") ? "subscription_data" : "payment_intent_data";
        if (call.has(misplaced)) {
            throw StripeRefusal.invalid(
                    null, "You can not pass `" + misplaced + "` in `" + mode + "` mode.", misplaced);
        }
        if (call.get("line_items").isEmpty()) {
            throw StripeRefusal.invalid("parameter_invalid_empty", "Expected at least one line item.", "line_items");
        }
    }

    private long expiresAt(Call call) {
        long latest = clock.now() + LIFETIME_SECONDS;
        long wanted = call.integer("expires_at", latest);
        if (wanted < clock.now() + MIN_LIFETIME_SECONDS || wanted > latest) {
            throw StripeRefusal.invalid(
                    null,
                    "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session"
                            + " creation.",
                    "expires_at");
        }
        return wanted;
    }

    private static ObjectNode order(String id, List<ObjectNode> lines, Call call) {
        ObjectNode order = Json.object().put("id", id);
        order.set("line_items", Lists.of(lines, false, URL + "/" + id + "/line_items"));
        call.copyTo(order, "subscription_data", "payment_intent_data", "discounts");
        return order;
    }

    /** A trial costs nothing today, and coupons take off what they say. */
    private void amounts(ObjectNode session, Call call, long total) {
        JsonNode data = call.get("subscription_data");
        boolean trial = data.has("trial_period_days") || data.has("trial_end");
        List<ObjectNode> coupons = discounts.coupons(call.get("discounts"));
        long due = trial ? 0 : total;
        long off = Discounts.off(due, coupons);
        session.put("amount_subtotal", due).put("amount_total", due - off);
        session.withObjectProperty("total_details").put("amount_discount", off);
        if (!coupons.isEmpty()) {
            ArrayNode shown = session.putArray("discounts");
            coupons.forEach(coupon ->
                    shown.addObject().put("coupon", Json.require(coupon, "id")).putNull("promotion_code"));
        }
    }

    private ObjectNode retrieve(Call call) {
        ObjectNode session = store.find(Kind.CHECKOUT_SESSION, call.id());
        if (session == null) {
            throw StripeRefusal.notFound("checkout.session", call.id());
        }
        return session;
    }

    private ObjectNode lineItems(Call call) {
        retrieve(call);
        return sessions.lines(call.id());
    }

    private ObjectNode expire(Call call) {
        ObjectNode session = retrieve(call);
        if (!sessions.isOpen(session)) {
            throw StripeRefusal.invalid(
                    null,
                    "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a"
                            + " status of `" + Json.require(session, "status") + "`.",
                    null);
        }
        return sessions.expire(session);
    }

    private ObjectNode list(Call call) {
        String customer = call.text("customer");
        String subscription = call.text("subscription");
        String status = call.text("status");
        Filter filter = customer != null ? Filter.field("/customer", customer) : Filter.ALL;
        if (subscription != null) {
            filter = Filter.field("/subscription", subscription);
        }
        return lists.page(
                call,
                URL,
                Kind.CHECKOUT_SESSION,
                filter,
                session -> Lists.created(call, session)
                        && (customer == null || customer.equals(Json.text(session, "customer")))
                        && (status == null || status.equals(Json.text(session, "status"))));
    }
}
