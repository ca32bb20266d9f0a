package dev.paymaster.system.life;

import static dev.paymaster.system.world.Eventually.eventually;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.messaging.deadletter.DeadLetters;
import dev.paymaster.system.life.Step.Act;
import dev.paymaster.system.life.Step.Days;
import dev.paymaster.system.life.Step.Has;
import dev.paymaster.system.life.Step.Refused;
import dev.paymaster.system.life.Step.Told;
import dev.paymaster.system.life.Step.Untold;
import dev.paymaster.system.proof.Row;
import dev.paymaster.system.world.KafkaLog;
import dev.paymaster.system.world.World;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A row played once, with somebody new, and told in one of the orders. For one thread at a time. */
final class Life {
    /** Events follow their commit by a moment, but not by more. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String BILLING = "credit-worker.billing";

    private final World world;
    private final Row<Step> row;
    private final Order order;
    private final Telegrams telegrams;
    private final Deque<Step> left;
    private final Set<String> refused = new HashSet<>();
    private final Set<String> refusedInvoices = new HashSet<>();
    private final Set<String> untold = new HashSet<>();
    private UnaryOperator<ObjectNode> telling = UnaryOperator.identity();
    private int daysLeft;
    private @Nullable Customer customer;
    private @Nullable Has last;
    private @Nullable String failure;

    Life(World world, Row<Step> row, Order order) {
        this.world = world;
        this.row = row;
        this.order = order;
        this.telegrams = new Telegrams(world.webhooks(), order);
        this.left = new ArrayDeque<>(row.steps());
    }

    Row<Step> row() {
        return row;
    }

    Order order() {
        return order;
    }

    /** Somebody new comes, who lives it. */
    void begin() {
        attempt(() -> {
            customer = new Customer(world, world.newPerson("Sam"));
            if (row.steps().stream()
                    .anyMatch(step -> step instanceof Has has && !has.payouts().isEmpty())) {
                customer.meetReceiver();
            }
        });
    }

    Customer customer() {
        return requireNonNull(customer, "not begun");
    }

    boolean isOver() {
        return left.isEmpty();
    }

    /** Whatever can happen before Stripe tells of it, and before time passes. */
    void goOn() {
        attempt(() -> {
            while (!(left.peek() instanceof Days || left.peek() instanceof Has || left.isEmpty())) {
                switch (left.element()) {
                    case Act act -> act.action().accept(customer());
                    case Told otherwise -> tellOtherwise(otherwise.change());
                    case Refused _ -> telling = this::refuses;
                    case Untold(String _, String object) -> untold.add(object);
                    case Days _, Has _ -> throw new IllegalStateException("handled by the table");
                }
                left.remove();
            }
            if (left.peek() instanceof Days days && daysLeft == 0) {
                daysLeft = days.days();
            }
            endWhenOver();
        });
    }

    boolean expectsSomething() {
        return left.peek() instanceof Has;
    }

    /** How many days have to pass before it goes on; 0: none. */
    int daysLeft() {
        return daysLeft;
    }

    void daysPassed(int days) {
        if (daysLeft > 0) {
            daysLeft -= days;
            if (daysLeft == 0) {
                left.remove();
            }
        }
    }

    /** Puts what Stripe has to tell in order. */
    void hears(List<JsonNode> events) {
        telegrams.arrive(events.stream()
                .filter(event ->
                        !untold.contains(event.at("/data/object/object").asString("")))
                .toList());
    }

    boolean hasTelegrams() {
        return !telegrams.isEmpty();
    }

    /** Delivers the next thing of which anything follows, and what comes before it. */
    void deliver() {
        attempt(() -> telegrams.deliverNext(telling));
    }

    private void require(Has has) {
        assertThat(customer().person().credits()).isEqualTo(has.balance());
        assertThat(customer().payouts()).as(has.says()).isEqualTo(has.payouts());
        assertThat(customer().paidOut()).as(has.says()).isEqualTo(has.cents());
    }

    /** It must become as the next step says, unless it has ended while it was told. */
    void check() {
        if (left.peek() instanceof Has has) {
            attempt(() -> eventually(has.says()).atMost(PATIENCE).untilAsserted(() -> require(has)));
            last = has;
        }
        if (failure == null) {
            left.remove();
            attempt(this::endWhenOver);
        }
    }

    /** It must still be as the last step said: nothing came after it. What was to be refused has been. */
    void checkOnceMore() {
        if (failure == null && last != null) {
            Has expected = last;
            attempt(() -> require(expected));
        }
        if (failure == null && row.steps().stream().anyMatch(step -> step instanceof Told || step instanceof Refused)) {
            attempt(() -> {
                assertThat(refused).as("refused invoices").isNotEmpty();
                eventually("refused invoices are dead letters")
                        .atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(deadLetters(BILLING)).containsAll(refused));
            });
        }
    }

    /** The events that a consumer has refused. */
    private Set<String> deadLetters(String consumer) {
        return world.kafka().read(Topics.deadLetters(Topics.STRIPE_EVENTS)).stream()
                .filter(letter -> consumer.equals(KafkaLog.header(letter, DeadLetters.HEADER_CONSUMER)))
                .map(letter -> KafkaLog.header(letter, Envelope.HEADER_ID))
                .collect(Collectors.toSet());
    }

    /** What would cost something as time passes for others ends. */
    private void endWhenOver() {
        if (left.isEmpty()) {
            customer().endSubscriptions();
        }
    }

    /** The invoices that were paid and refused. */
    Set<String> refusedInvoices() {
        return Set.copyOf(refusedInvoices);
    }

    /** What went wrong, and how it came to that; null: nothing. */
    @Nullable
    String failure() {
        return failure;
    }

    private void tellOtherwise(UnaryOperator<ObjectNode> change) {
        telling = event -> {
            ObjectNode changed = change.apply(event.deepCopy());
            if (!changed.equals(event)) {
                world.meansToFail(changed.path("id").stringValue());
                refuses(changed);
            }
            return changed;
        };
    }

    /** Of the events that are told, those of paid invoices are going to be refused. */
    private ObjectNode refuses(ObjectNode event) {
        if (event.path("type").stringValue().equals("invoice.paid")) {
            String id = event.path("id").stringValue();
            world.meansToFail(id);
            refused.add(id);
            refusedInvoices.add(event.at("/data/object/id").stringValue());
        }
        return event;
    }

    private void attempt(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | AssertionError e) {
            fail((left.isEmpty() ? "at the end" : left.element().says()) + ": " + said(e));
        }
    }

    /** It ends here, and must not go on costing as time passes for others. What fails in that comes after what failed first. */
    private void fail(String what) {
        failure = (customer == null ? "nobody yet" : customer.person().id()) + ", " + telegrams + "\n    " + what;
        left.clear();
        telegrams.clear();
        daysLeft = 0;
        try {
            if (customer != null) {
                customer.endSubscriptions();
            }
        } catch (RuntimeException | AssertionError e) {
            failure += "\n    and its subscriptions go on: " + said(e);
        }
    }

    private static String said(Throwable e) {
        return e.getCause() == null ? String.valueOf(e.getMessage()) : e.getMessage() + ", " + e.getCause();
    }
}
