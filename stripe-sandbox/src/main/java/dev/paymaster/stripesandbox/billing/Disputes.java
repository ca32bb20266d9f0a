package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.Lists;
import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.control.Control;
import dev.paymaster.stripesandbox.control.Input;
import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /v1/disputes}, opened and decided through the control door, or opened by Stripe's test cards. A dispute takes
 * the money away when it is opened and gives it back only when it is won; an inquiry (its states begin with
 * {@code warning_}) takes nothing (<a href="https://docs.stripe.com/disputes/how-disputes-work">how disputes work</a>).
 */
final class Disputes implements Endpoint.Group, Control.Group {
    private static final String URL = "/v1/disputes";
    /** Card networks give a week to three; Stripe's test disputes nine days. */
    private static final long ANSWER_SECONDS = 9L * 24 * 60 * 60;

    private static final Parameters UPDATE = Parameters.NONE
            .optional("metadata", ParameterType.metadata())
            .optional("submit", ParameterType.bool())
            .ignoring("evidence");

    private static final Parameters LIST = Parameters.list()
            .optional("charge", ParameterType.text())
            .optional("payment_intent", ParameterType.text())
            .optional("created", ParameterType.timeRange());

    private final Billing.Tools tools;
    private final Store store;
    private final Charges charges;
    private final PlatformBalance balance;

    Disputes(Billing.Tools tools, Charges charges, PlatformBalance balance) {
        this.tools = tools;
        this.store = tools.store();
        this.charges = charges;
        this.balance = balance;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(URL + "/{id}", Kind.DISPUTE, call -> find(call.id())),
                Endpoint.post(URL + "/{id}", Kind.DISPUTE, UPDATE, this::update),
                Endpoint.post(
                        URL + "/{id}/close", Kind.DISPUTE, Parameters.NONE, call -> decide(find(call.id()), "lost")),
                Endpoint.list(URL, Kind.DISPUTE, LIST, this::list));
    }

    @Override
    public List<Control> controls() {
        return List.of(
                Control.post(
                        "disputes", this::open, "charge", "payment_intent", "invoice", "amount", "reason", "inquiry"),
                Control.post("disputes/{id}/escalate", this::escalate),
                Control.post("disputes/{id}/close", this::close, "outcome"));
    }

    /** What a charge to one of Stripe's test cards brings about: 0259 and 2685 dispute it, 1976 only asks. */
    void afterCharge(ObjectNode charge) {
        switch (charges.last4(charge)) {
            case "0259" -> open(charge, charge.required("amount").longValue(), "fraudulent", false);
            case "2685" -> open(charge, charge.required("amount").longValue(), "product_not_received", false);
            case "1976" -> open(charge, charge.required("amount").longValue(), "fraudulent", true);
            default -> {}
        }
    }

    private ObjectNode open(Input input) {
        ObjectNode charge = charges.named(input.text("charge"), input.text("payment_intent"), input.text("invoice"));
        if (charge.required("disputed").booleanValue()) {
            throw StripeRefusal.invalid("charge_disputed", "The charge is disputed already.", "charge");
        }
        long whole = charge.required("amount").longValue();
        Long part = input.optionalInteger("amount", 1, whole);
        boolean inquiry = input.body().path("inquiry").asBoolean(false);
        return open(charge, part == null ? whole : part, input.text("reason", "fraudulent"), inquiry);
    }

    private ObjectNode open(ObjectNode charge, long cents, String reason, boolean inquiry) {
        long now = tools.clock().now();
        ObjectNode dispute = Shapes.of(Kind.DISPUTE, tools.ids().next(Kind.DISPUTE), now)
                .put("amount", cents)
                .put("charge", Json.require(charge, "id"))
                .put("currency", Json.require(charge, "currency"))
                .put("is_charge_refundable", inquiry)
                .put("reason", reason)
                .put("status", inquiry ? "warning_needs_response" : "needs_response");
        dispute.set("payment_intent", charge.required("payment_intent"));
        dispute.withObjectProperty("evidence_details").put("due_by", now + ANSWER_SECONDS);
        if (inquiry) {
            dispute.withObjectProperty("payment_method_details")
                    .withObjectProperty("card")
                    .put("case_type", "inquiry");
        } else {
            withdraw(dispute);
        }
        store.put(Kind.DISPUTE, dispute);
        store.put(Kind.CHARGE, charge.deepCopy().put("disputed", true));
        tools.events().emit("charge.dispute.created", dispute);
        if (!inquiry) {
            tools.events().emit("charge.dispute.funds_withdrawn", dispute);
        }
        return dispute;
    }

    /** An inquiry that wasn't answered well becomes a dispute. */
    private ObjectNode escalate(Input input) {
        ObjectNode before = find(input.id());
        if (!Json.require(before, "status").startsWith("warning_") || isClosed(before)) {
            throw StripeRefusal.invalid(null, "The dispute is not an open inquiry.", null);
        }
        ObjectNode after = before.deepCopy().put("status", "needs_response").put("is_charge_refundable", false);
        withdraw(after);
        store.put(Kind.DISPUTE, after);
        tools.events().emitChange("charge.dispute.updated", before, after);
        tools.events().emit("charge.dispute.funds_withdrawn", after);
        return after;
    }

    private ObjectNode close(Input input) {
        return decide(find(input.id()), input.choice("outcome", "lost", "won"));
    }

    /** Ends a dispute, or an inquiry, which nobody wins. */
    private ObjectNode decide(ObjectNode before, String outcome) {
        if (isClosed(before)) {
            throw StripeRefusal.invalid(
                    null, "This dispute is already closed: " + Json.text(before, "status") + ".", null);
        }
        boolean inquiry = Json.require(before, "status").startsWith("warning_");
        ObjectNode after = before.deepCopy().put("status", inquiry ? "warning_closed" : outcome);
        boolean won = !inquiry && outcome.equals("won");
        if (won) {
            book(after, after.required("amount").longValue(), "dispute_reversal");
        }
        store.put(Kind.DISPUTE, after);
        if (won) {
            tools.events().emit("charge.dispute.funds_reinstated", after);
        }
        tools.events().emitChange("charge.dispute.closed", before, after);
        return after;
    }

    private ObjectNode update(Call call) {
        ObjectNode before = find(call.id());
        ObjectNode after = before.deepCopy();
        call.mergeMetadata(after);
        boolean submitted = call.has("evidence") && (!call.has("submit") || call.flag("submit"));
        if (submitted && Json.require(before, "status").endsWith("needs_response")) {
            after.put("status", Json.require(before, "status").replace("needs_response", "under_review"));
            after.withObjectProperty("evidence_details")
                    .put("has_evidence", true)
                    .put("submission_count", 1);
        }
        store.put(Kind.DISPUTE, after);
        tools.events().emitChange("charge.dispute.updated", before, after);
        return after;
    }

    private void withdraw(ObjectNode dispute) {
        book(dispute, -dispute.required("amount").longValue(), "dispute");
    }

    private void book(ObjectNode draft, long cents, String category) {
        String booked =
                balance.book("adjustment", category, Json.require(draft, "currency"), cents, Json.require(draft, "id"));
        draft.withArrayProperty("balance_transactions").add(store.get(Kind.BALANCE_TRANSACTION, booked));
    }

    private static boolean isClosed(ObjectNode dispute) {
        return List.of("won", "lost", "warning_closed").contains(Json.require(dispute, "status"));
    }

    private ObjectNode find(String id) {
        ObjectNode dispute = store.find(Kind.DISPUTE, id);
        if (dispute == null) {
            throw StripeRefusal.notFound("dispute", id);
        }
        return dispute;
    }

    private ObjectNode list(Call call) {
        @Nullable String charge = call.text("charge");
        @Nullable String intent = call.text("payment_intent");
        Filter filter = charge != null ? Filter.field("/charge", charge) : Filter.ALL;
        if (intent != null) {
            filter = Filter.field("/payment_intent", intent);
        }
        return tools.lists().page(call, URL, Kind.DISPUTE, filter, dispute -> Lists.created(call, dispute));
    }
}
