package dev.paymaster.system.life;

import dev.paymaster.system.world.Webhooks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What Stripe has to tell of one life, brought over one by one, in one of the orders. For one thread at a time. */
public final class Telegrams {
    private final Webhooks webhooks;
    private final Order order;
    private final Deque<ObjectNode> waiting = new ArrayDeque<>();
    private final List<JsonNode> heard = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    public Telegrams(Webhooks webhooks, Order order) {
        this.webhooks = webhooks;
        this.order = order;
    }

    /** Puts events in order, some of those that were told before among them; they wait to be delivered. */
    public void arrive(List<JsonNode> events) {
        waiting.addAll(order.of(events, heard));
        heard.addAll(events);
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Nothing is delivered any more. */
    public void clear() {
        waiting.clear();
    }

    /**
     * Delivers the next thing of which anything follows, and what comes before it.
     *
     * @param telling what Stripe says in place of it
     */
    public void deliverNext(UnaryOperator<ObjectNode> telling) {
        boolean isTelling = false;
        while (!isTelling && !waiting.isEmpty()) {
            ObjectNode event = telling.apply(waiting.remove());
            isTelling = Order.isTelling(event);
            told.add(event.path("type").stringValue());
            webhooks.bring(event.toString());
        }
    }

    /** Which order it is, and what was told so far. */
    @Override
    public String toString() {
        return order + ", told " + told;
    }
}
