package dev.paymaster.system.earning;

import static dev.paymaster.system.world.Eventually.eventually;
import static java.util.Objects.requireNonNull;

import dev.paymaster.system.earning.Step.Act;
import dev.paymaster.system.earning.Step.Has;
import dev.paymaster.system.life.Order;
import dev.paymaster.system.life.Telegrams;
import dev.paymaster.system.proof.Row;
import dev.paymaster.system.world.World;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A row played once, with somebody new, and told in one of the orders. For one thread at a time. */
final class Earning {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final World world;
    private final Row<Step> row;
    private final Telegrams telegrams;
    private final Deque<Step> left;
    private @Nullable Earner earner;
    private @Nullable Has last;
    private @Nullable String failure;

    Earning(World world, Row<Step> row, Order order) {
        this.world = world;
        this.row = row;
        this.telegrams = new Telegrams(world.webhooks(), order);
        this.left = new ArrayDeque<>(row.steps());
    }

    Row<Step> row() {
        return row;
    }

    /** Somebody new comes. */
    void begin() {
        earner = new Earner(world);
    }

    Earner earner() {
        return requireNonNull(earner, "not begun");
    }

    boolean isOver() {
        return left.isEmpty();
    }

    /** Whatever can happen before Stripe tells of it. */
    void goOn() {
        attempt(() -> {
            while (left.peek() instanceof Act act) {
                act.action().accept(earner());
                left.remove();
            }
        });
    }

    /** Puts what Stripe has to tell in order. */
    void hears(List<JsonNode> events) {
        telegrams.arrive(events);
    }

    boolean hasTelegrams() {
        return !telegrams.isEmpty();
    }

    void deliver() {
        attempt(() -> telegrams.deliverNext(UnaryOperator.identity()));
    }

    /** What the next step says must come true. */
    void check() {
        attempt(() -> {
            if (left.peek() instanceof Has has) {
                eventually(has.says()).atMost(PATIENCE).untilAsserted(() -> Step.require(has, earner()));
                last = has;
                left.remove();
            }
        });
    }

    /** And it must still be so when nothing is under way any more. */
    void checkOnceMore() {
        Has expected = last;
        if (failure == null && expected != null) {
            attempt(() -> Step.require(expected, earner()));
        }
    }

    /** What went wrong, and how it came to that; null: nothing. */
    @Nullable
    String failure() {
        return failure;
    }

    private void attempt(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | AssertionError e) {
            failure = earner().id() + " with " + earner().accounts() + ", " + telegrams + "\n    " + e.getMessage();
            left.clear();
            telegrams.clear();
        }
    }
}
