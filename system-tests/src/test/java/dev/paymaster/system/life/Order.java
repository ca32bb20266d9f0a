package dev.paymaster.system.life;

import dev.paymaster.system.world.Chance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One of the orders in which Stripe may tell what has happened.
 *
 * <p>The four events that say most come in every order there is: there are {@link #COUNT}. The others that mean anything to
 * us come at random places between them, all of these twice, the second time under the same id or under another one;
 * some come late once more, when other things have followed. What means nothing to us comes along in every twelfth order.
 * Which places they are, each run draws and tells; {@code -Dorders.seed=…} gives it those of another one.
 *
 * @param number from 0 to {@link #COUNT} - 1
 */
public record Order(int number, Random random) {
    /** All orders of four things. */
    public static final int COUNT = 24;

    private static final int PERMUTED = 4;
    private static final int WITH_NOISE = 12;

    /** One of so many is told again late. */
    private static final int LATE = 3;

    /** Events of which anything follows, those that say most first. */
    private static final List<String> TELLING = List.of(
            "invoice.paid",
            "checkout.session.async_payment_succeeded",
            "refund.created",
            "charge.dispute.created",
            "credit_note.created",
            "refund.failed",
            "charge.dispute.closed",
            "credit_note.voided",
            "checkout.session.completed",
            "invoice_payment.paid",
            "customer.updated",
            "charge.refunded",
            "customer.created",
            "checkout.session.async_payment_failed",
            "charge.dispute.updated",
            "charge.dispute.funds_withdrawn",
            "charge.dispute.funds_reinstated",
            "credit_note.updated",
            "refund.updated",
            "charge.refund.updated",
            "invoice.voided",
            "invoice.marked_uncollectible",
            "account.application.deauthorized",
            "account.updated",
            "transfer.reversed");

    /** Of all orders of this run. */
    private static final long SEED = drawSeed();

    /** @param seed of what is left to chance, besides that of all orders */
    public Order(int number, long seed) {
        this(number, Chance.of(seed + SEED, number));
    }

    /** Told at once: whatever fails later, also what can't name an order, can be played again. */
    private static long drawSeed() {
        long seed = Long.getLong("orders.seed", new Random().nextInt(1_000_000));
        System.out.println("orders are drawn with -Dorders.seed=" + seed);
        return seed;
    }

    @Override
    public String toString() {
        return "order " + number + " with -Dorders.seed=" + SEED;
    }

    /** What is delivered, one after the other. */
    public List<ObjectNode> of(List<JsonNode> told) {
        List<JsonNode> telling = told.stream()
                .filter(Order::isTelling)
                .sorted(Comparator.comparingInt(Order::rank))
                .toList();
        List<JsonNode> first = telling.subList(0, Math.min(PERMUTED, telling.size()));
        List<ObjectNode> order = new ArrayList<>();
        permuted(first).forEach(event -> order.add((ObjectNode) event.deepCopy()));
        telling.subList(first.size(), telling.size())
                .forEach(event -> order.add(random.nextInt(order.size() + 1), copy(event)));
        List.copyOf(order)
                .forEach(event -> order.add(random.nextInt(order.indexOf(event), order.size()) + 1, again(event)));
        if (number % WITH_NOISE == 0) {
            told.stream()
                    .filter(event -> !isTelling(event))
                    .forEach(event -> order.add(random.nextInt(order.size() + 1), copy(event)));
        }
        return order;
    }

    /** The same, and among it, once more, some of what was told long before: Stripe tries for three days. */
    public List<ObjectNode> of(List<JsonNode> told, List<JsonNode> before) {
        List<ObjectNode> order = of(told);
        before.stream()
                .filter(Order::isTelling)
                .filter(_ -> random.nextInt(LATE) == 0)
                .forEach(event -> order.add(random.nextInt(order.size() + 1), again(event)));
        return order;
    }

    private List<JsonNode> permuted(List<JsonNode> events) {
        List<JsonNode> left = new ArrayList<>(events);
        List<JsonNode> permuted = new ArrayList<>();
        int which = number;
        while (!left.isEmpty()) {
            permuted.add(left.remove(which % left.size()));
            which /= left.size() + 1;
        }
        return permuted;
    }

    private ObjectNode again(JsonNode event) {
        ObjectNode again = copy(event);
        return random.nextBoolean()
                ? again
                : again.put(
                        "id",
                        "evt_again" + random.nextInt(Integer.MAX_VALUE)
                                + event.path("id").stringValue());
    }

    private static ObjectNode copy(JsonNode event) {
        return (ObjectNode) event.deepCopy();
    }

    static boolean isTelling(JsonNode event) {
        return rank(event) >= 0;
    }

    private static int rank(JsonNode event) {
        return TELLING.indexOf(event.path("type").stringValue());
    }
}
