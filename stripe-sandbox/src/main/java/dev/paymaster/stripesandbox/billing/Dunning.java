package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Collects what is owed, again and again, and makes a subscription {@code past_due} meanwhile. After the last try the
 * subscription ends, which is what a Stripe account is set to at first
 * (<a href="https://docs.stripe.com/billing/revenue-recovery/smart-retries">retries</a>). Called inside
 * {@link Store#transact}.
 */
final class Dunning implements Timeline.Scheduled {
    private static final long DAY_SECONDS = 24 * 60 * 60;
    /** Stripe's non-smart schedule: three, five and seven days after the failure before. */
    private static final List<Long> RETRY_DAYS = List.of(3L, 5L, 7L);

    private final Billing.Tools tools;
    private final Store store;
    private final Invoices invoices;
    private final InvoicePayments payments;
    private final SubscriptionStates states;

    Dunning(Billing.Tools tools, Invoices invoices, InvoicePayments payments, SubscriptionStates states) {
        this.tools = tools;
        this.store = tools.store();
        this.invoices = invoices;
        this.payments = payments;
        this.states = states;
    }

    /** Finalises a draft and collects it, unless its subscription says otherwise. */
    ObjectNode advance(ObjectNode draft) {
        ObjectNode subscription = subscription(draft);
        String paused = subscription == null ? null : Json.text(subscription.required("pause_collection"), "behavior");
        return switch (paused) {
            case null -> collect(invoices.finalise(draft), null);
            case "void" -> invoices.voided(invoices.finalise(draft));
            case "mark_uncollectible" -> invoices.uncollectible(invoices.finalise(draft));
            default -> invoices.change(draft, draft.deepCopy().put("auto_advance", false));
        };
    }

    /**
     * Tries to collect an open invoice now.
     *
     * @param methodId the payment method to charge; null for the subscription's, the invoice's or the customer's
     */
    ObjectNode collect(ObjectNode open, @Nullable String methodId) {
        if (open.required("amount_due").longValue() == 0) {
            return paid(open, false);
        }
        if (methodId == null && "send_invoice".equals(Json.text(open, "collection_method"))) {
            tools.events().emit("invoice.sent", open);
            return open;
        }
        String chosen = methodId == null ? method(open) : methodId;
        ObjectNode method = chosen == null ? null : store.find(Kind.PAYMENT_METHOD, chosen);
        if (method != null && "us_bank_account".equals(Json.text(method, "type"))) {
            return debit(open, method);
        }
        Card.Declined declined = method == null
                ? new Card.Declined("", "missing", "There is no payment method to charge.")
                : payments.attempt(open, method);
        return declined == null ? paid(open, false) : failed(open);
    }

    /**
     * Debits a bank account. The first invoice of a subscription waits for the bank's answer, and the subscription is
     * {@code incomplete} until then (docs.stripe.com/billing/subscriptions/overview); all others are paid, because nobody would
     * answer for the bank.
     */
    private ObjectNode debit(ObjectNode open, ObjectNode method) {
        payments.process(open, method);
        ObjectNode subscription = subscription(open);
        if (subscription == null || !isFirst(open)) {
            return settle(open, true);
        }
        states.become(subscription, "incomplete");
        return open;
    }

    /** Whether the bank's answer is awaited. */
    boolean isProcessing(ObjectNode invoice) {
        return payments.isProcessing(invoice);
    }

    /** The bank's answer to a debit. */
    ObjectNode settle(ObjectNode processing, boolean succeeded) {
        payments.settle(processing, succeeded);
        return succeeded ? paid(processing, false) : failed(processing);
    }

    /** The invoice is paid; its subscription is in good standing again. */
    ObjectNode paid(ObjectNode open, boolean outOfBand) {
        ObjectNode paid = invoices.paid(open, outOfBand);
        ObjectNode subscription = subscription(paid);
        if (subscription != null
                && List.of("past_due", "unpaid", "incomplete").contains(Json.require(subscription, "status"))) {
            states.become(subscription, "active");
        }
        return paid;
    }

    @Override
    public Kind kind() {
        return Kind.INVOICE;
    }

    @Override
    public Stream<ObjectNode> candidates() {
        return Stream.concat(
                store.newestFirst(Kind.INVOICE, Filter.field("/status", "open")),
                store.newestFirst(Kind.INVOICE, Filter.field("/status", "draft")));
    }

    @Override
    public @Nullable Long dueAt(ObjectNode invoice) {
        String field = switch (Json.require(invoice, "status")) {
            case "open" -> "next_payment_attempt";
            case "draft" -> "automatically_finalizes_at";
            default -> "";
        };
        return invoice.path(field).isNumber() ? Long.valueOf(invoice.path(field).longValue()) : null;
    }

    @Override
    public void happen(ObjectNode invoice) {
        if ("draft".equals(Json.text(invoice, "status"))) {
            advance(invoice);
        } else {
            collect(invoice, null);
        }
    }

    private ObjectNode failed(ObjectNode open) {
        int attempts = open.required("attempt_count").intValue() + 1;
        boolean first = isFirst(open);
        Long days = attempts <= RETRY_DAYS.size() && !first ? RETRY_DAYS.get(attempts - 1) : null;
        ObjectNode invoice = open.deepCopy()
                .put("attempted", true)
                .put("attempt_count", attempts)
                .put("next_payment_attempt", days == null ? null : tools.clock().now() + days * DAY_SECONDS);
        store.put(Kind.INVOICE, invoice);
        tools.events().emit("invoice.payment_failed", invoice);
        ObjectNode subscription = subscription(invoice);
        if (subscription != null) {
            suffer(subscription, first, days == null);
        }
        return invoice;
    }

    private static boolean isFirst(ObjectNode invoice) {
        return "subscription_create".equals(Json.text(invoice, "billing_reason"));
    }

    private void suffer(ObjectNode subscription, boolean first, boolean last) {
        if (first) {
            states.become(subscription, "incomplete");
        } else if (last) {
            states.end(subscription, Json.object().put("reason", "payment_failed"));
        } else {
            states.become(subscription, "past_due");
        }
    }

    /** What is charged for an invoice: its own payment method, its subscription's or its customer's. */
    @Nullable
    String method(ObjectNode invoice) {
        ObjectNode subscription = subscription(invoice);
        ObjectNode customer = store.get(Kind.CUSTOMER, Json.require(invoice, "customer"));
        return Stream.of(
                        Json.text(invoice, "default_payment_method"),
                        subscription == null ? null : Json.text(subscription, "default_payment_method"),
                        Json.text(customer.required("invoice_settings"), "default_payment_method"))
                .filter(id -> id != null)
                .findFirst()
                .orElse(null);
    }

    private @Nullable ObjectNode subscription(ObjectNode invoice) {
        String id = Json.text(invoice.required("parent").path("subscription_details"), "subscription");
        return id == null ? null : store.get(Kind.SUBSCRIPTION, id);
    }
}
