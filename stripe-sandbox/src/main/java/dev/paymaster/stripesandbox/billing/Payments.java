package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.events.EventLog;
import dev.paymaster.stripesandbox.state.Ids;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The life of a payment intent: made, confirmed with a payment method, succeeded or failed; with a slow method (a bank
 * debit) in between {@code processing}. Called inside {@link Store#transact}.
 */
final class Payments {
    private final Store store;
    private final Ids ids;
    private final SandboxClock clock;
    private final EventLog events;
    private final PlatformBalance balance;
    private final Disputes disputes;

    Payments(Billing.Tools tools, PlatformBalance balance, Disputes disputes) {
        this.store = tools.store();
        this.ids = tools.ids();
        this.clock = tools.clock();
        this.events = tools.events();
        this.balance = balance;
        this.disputes = disputes;
    }

    /**
     * What is to be paid.
     *
     * @param metadata of the intent, as an object; anything else is none
     */
    record Purpose(
            @Nullable String customer,
            long cents,
            String currency,
            @Nullable String description,
            JsonNode metadata,
            boolean offSession) {}

    /** What came of confirming an intent. */
    sealed interface Attempt {
        /** The money is there. */
        record Succeeded(ObjectNode intent) implements Attempt {}

        /** The card was refused; the intent waits for another one. */
        record Failed(ObjectNode intent, Card.Declined why) implements Attempt {}
    }

    /** An intent that waits for a payment method. */
    ObjectNode create(Purpose purpose) {
        String id = ids.next(Kind.PAYMENT_INTENT);
        ObjectNode intent = Shapes.of(Kind.PAYMENT_INTENT, id, clock.now())
                .put("amount", purpose.cents())
                .put("client_secret", ids.next(id + "_secret_"))
                .put("currency", purpose.currency())
                .put("customer", purpose.customer())
                .put("description", purpose.description())
                .put("setup_future_usage", purpose.offSession() ? "off_session" : null);
        if (purpose.metadata().isObject()) {
            intent.set("metadata", purpose.metadata());
        }
        store.put(Kind.PAYMENT_INTENT, intent);
        events.emit("payment_intent.created", intent);
        return intent;
    }

    /** Charges a payment method now. */
    Attempt confirm(ObjectNode intent, ObjectNode method) {
        return switch (Card.attached(Json.require(method.required("card"), "last4"))) {
            case Card.Declined declined -> new Attempt.Failed(decline(intent, method, declined), declined);
            case Card.Accepted _, Card.Unknown _ ->
                new Attempt.Succeeded(
                        succeed(intent, ChargeShapes.of(ids.next(Kind.CHARGE), clock.now(), intent, method)));
        };
    }

    /** Starts a payment whose outcome is known days later. */
    ObjectNode process(ObjectNode intent, ObjectNode method) {
        ObjectNode charge = ChargeShapes.pending(ChargeShapes.of(ids.next(Kind.CHARGE), clock.now(), intent, method));
        ObjectNode processing = intent.deepCopy()
                .put("status", "processing")
                .put("latest_charge", Json.require(charge, "id"))
                .put("payment_method", Json.require(method, "id"));
        store.put(Kind.CHARGE, charge);
        store.put(Kind.PAYMENT_INTENT, processing);
        events.emit("charge.pending", charge);
        events.emit("payment_intent.processing", processing);
        return processing;
    }

    /** The outcome of a payment that was {@code processing}. */
    ObjectNode settle(ObjectNode processing, boolean succeeded) {
        ObjectNode pending = store.get(Kind.CHARGE, Json.require(processing, "latest_charge"));
        if (succeeded) {
            return succeed(processing, ChargeShapes.paid(pending.deepCopy()));
        }
        Card.Declined why = new Card.Declined("", "debit_not_authorized", "The customer's bank refused the debit.");
        return fail(processing, pending.deepCopy(), why);
    }

    static boolean isProcessing(ObjectNode intent) {
        return "processing".equals(Json.text(intent, "status"));
    }

    /** Gives an intent up that isn't needed any more. */
    void cancel(ObjectNode intent) {
        ObjectNode canceled = intent.deepCopy()
                .put("status", "canceled")
                .put("canceled_at", clock.now())
                .put("cancellation_reason", "void_invoice");
        store.put(Kind.PAYMENT_INTENT, canceled);
        events.emit("payment_intent.canceled", canceled);
    }

    private ObjectNode succeed(ObjectNode before, ObjectNode charge) {
        long cents = before.required("amount").longValue();
        String chargeId = Json.require(charge, "id");
        charge.put("balance_transaction", balance.book("charge", Json.require(before, "currency"), cents, chargeId));
        ObjectNode intent = before.deepCopy()
                .put("amount_received", cents)
                .put("latest_charge", chargeId)
                .put("status", "succeeded")
                .putNull("last_payment_error");
        intent.set("payment_method", charge.required("payment_method"));
        store.put(Kind.CHARGE, charge);
        store.put(Kind.PAYMENT_INTENT, intent);
        events.emit("charge.succeeded", charge);
        events.emit("payment_intent.succeeded", intent);
        disputes.afterCharge(charge);
        return intent;
    }

    private ObjectNode decline(ObjectNode intent, ObjectNode method, Card.Declined why) {
        return fail(intent, ChargeShapes.of(ids.next(Kind.CHARGE), clock.now(), intent, method), why);
    }

    private ObjectNode fail(ObjectNode before, ObjectNode charge, Card.Declined why) {
        ChargeShapes.failed(charge, why);
        ObjectNode intent = before.deepCopy()
                .put("latest_charge", Json.require(charge, "id"))
                .putNull("payment_method")
                .put("status", "requires_payment_method");
        intent.putObject("last_payment_error")
                .put("charge", Json.require(charge, "id"))
                .put("code", "card_declined")
                .put("decline_code", why.code())
                .put("message", why.message())
                .put("type", "card_error");
        store.put(Kind.CHARGE, charge);
        store.put(Kind.PAYMENT_INTENT, intent);
        events.emit("charge.failed", charge);
        events.emit("payment_intent.payment_failed", intent);
        return intent;
    }
}
