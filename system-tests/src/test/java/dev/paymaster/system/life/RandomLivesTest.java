package dev.paymaster.system.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Invariants;
import dev.paymaster.system.world.Crowd;
import dev.paymaster.system.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Random lives of subscriptions, packs, refunds, disputes, credit notes and jobs, told in random orders and more than once,
 * against {@link NaiveBooks}. {@code -Dseed=…} plays the lives of a failure again.
 */
@Tag("long")
class RandomLivesTest {
    private static final int LIVES = 500;

    /** Each of them brings several things to everybody. */
    private static final int MONTHS = 4;

    private static final Map<String, String> SETTINGS = Map.of(
            "reconcile.first-after", "1h",
            "timers.reviews", "1s",
            "payouts.rate-limit.per-second", "500",
            "payouts.rate-limit.burst", "100",
            // Never, by themselves: single jobs are made to expire.
            "jobs.policy.accept-within", "1000d",
            "jobs.policy.submit-within", "1000d",
            "jobs.policy.verify-within", "1000d",
            "jobs.timer.poll", "100ms");

    private final long seed = Long.getLong("seed", new Random().nextInt(1_000_000));

    @Test
    @Timeout(600)
    void comeToWhatNaiveBooksSay() {
        try {
            playAndCompare();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("broken with -Dseed=" + seed + ": " + e.getMessage(), e);
        }
    }

    private void playAndCompare() {
        try (World world = World.with(SETTINGS)) {
            world.stripe().setBalance(1_000_000_000);
            Receivers receivers = new Receivers(world);
            world.comesToRest();
            world.stripe().breakWith("{\"kind\": \"webhook_drop\"}");
            List<RandomLife> lives = Collections.synchronizedList(new ArrayList<>());
            Crowd.each(
                    IntStream.range(0, LIVES).boxed().toList(),
                    number -> lives.add(new RandomLife(world, receivers, number, seed)));

            play(world, lives);

            List<String> failures = lives.stream()
                    .map(RandomLife::failure)
                    .filter(Objects::nonNull)
                    .toList();
            assertThat(failures.size())
                    .as("broken lives, such as%n%s", failures.stream().limit(3).toList())
                    .isZero();
            receivers.comparePayouts();
            Invariants.of(world).check();
        }
    }

    private static void play(World world, List<RandomLife> lives) {
        StripeLog log = new StripeLog(world.stripe());
        for (int month = 0; month < MONTHS; month++) {
            if (month > 0) {
                world.stripe().advance(Duration.ofDays(31));
            }
            Crowd.each(lives, RandomLife::live);
            world.stripe().advance(Duration.ofDays(3));
            Crowd.each(lives, RandomLife::changeAgain);
            log.read();
            Crowd.each(lives, life -> tell(world, life, log.take(life.customerId())));
            world.workersComeToRest();
            Crowd.each(lives, RandomLife::compare);
            Crowd.each(lives, RandomLife::askForJobs);
        }
        world.reviewsComeToRest();
        Crowd.each(lives, RandomLife::compare);
    }

    /** What Stripe has to tell of a life, shuffled, and some of it again, under the same id or under another one. */
    private static void tell(World world, RandomLife life, List<JsonNode> events) {
        List<String> told = new ArrayList<>(events.stream()
                .filter(Order::isTelling)
                .flatMap(event -> again(event, life.random()))
                .map(JsonNode::toString)
                .toList());
        Collections.shuffle(told, life.random());
        if (life.goesOn()) {
            told.forEach(event -> world.webhooks().deliver(event).expect(200));
        }
    }

    private static Stream<JsonNode> again(JsonNode event, Random random) {
        ObjectNode other = (ObjectNode) event.deepCopy();
        other.put("id", "evt_again_" + event.path("id").stringValue());
        return switch (random.nextInt(4)) {
            case 0 -> Stream.of(event, event);
            case 1 -> Stream.of(event, other);
            default -> Stream.of(event);
        };
    }
}
