package dev.paymaster.system.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.system.proof.Invariants;
import dev.paymaster.system.world.Crowd;
import dev.paymaster.system.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * Random lives of subscriptions, packs, refunds, disputes, credit notes and jobs, told in random orders and more than once,
 * against {@link NaiveBooks}. {@code -Dseed=…} plays the lives of a failure again.
 */
@Tag("long")
class RandomLivesTest {
    private static final int LIVES = 500;

    /** And those of whom no webhook tells. */
    private static final int UNHEARD = 50;

    /** Each of them brings several things to everybody. */
    private static final int MONTHS = 4;

    /** Events follow their commit by a moment; a review that two transactions have missed is called for after ten seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

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
        comeToTheSame(Integer.getInteger("lives", LIVES), RandomLivesTest::deliver, NaiveBooks::new, PATIENCE, seed);
    }

    /** What is looked up at Stripe, once a month, says the same. */
    @Test
    @Timeout(600)
    void comeToWhatNaiveBooksSayThoughNoWebhookComes() {
        comeToTheSame(UNHEARD, (world, _, _) -> new CatchUp(world).completely(), NaiveBooks::new, PATIENCE, seed);
    }

    /** The comparison sees a mistake, here one of the books. */
    @Test
    @Timeout(600)
    void doNotComeToWhatForgetfulBooksSay() {
        assertThatThrownBy(() ->
                        comeToTheSame(20, RandomLivesTest::deliver, ForgetfulBooks::new, Duration.ofSeconds(2), 1))
                .hasMessageContainingAll("broken lives", "refund ", " fails");
    }

    /** Books that don't know that refunds fail and disputes are won. */
    private static final class ForgetfulBooks extends NaiveBooks {
        @Override
        void cameBack(Back back) {
            // Forgotten.
        }
    }

    /** Brings over what Stripe has to tell of each life, and of those who have done jobs. */
    private interface Teller {
        void tell(World world, Receivers receivers, Map<RandomLife, List<JsonNode>> events);
    }

    /** Plays lives in a world of their own. */
    private static void comeToTheSame(
            int count, Teller teller, Supplier<NaiveBooks> books, Duration patience, long seed) {
        try (World world = World.with(SETTINGS)) {
            world.stripe().setBalance(1_000_000_000);
            Receivers receivers = new Receivers(world, seed);
            world.comesToRest();
            world.stripe().breakWith("{\"kind\": \"webhook_drop\"}");
            List<RandomLife> lives = Collections.synchronizedList(new ArrayList<>());
            Crowd.each(
                    IntStream.range(0, count).boxed().toList(),
                    number -> lives.add(new RandomLife(world, receivers, books.get(), patience, number, seed)));

            play(world, lives, receivers, teller);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("broken with -Dseed=" + seed + ": " + e.getMessage(), e);
        }
    }

    private static void play(World world, List<RandomLife> lives, Receivers receivers, Teller teller) {
        StripeLog log = new StripeLog(world.stripe());
        for (int month = 0; month < MONTHS; month++) {
            if (month > 0) {
                world.stripe().advance(Duration.ofDays(31));
            }
            Crowd.each(lives, RandomLife::live);
            world.stripe().advance(Duration.ofDays(3));
            Crowd.each(lives, RandomLife::changeAgain);
            log.read();
            Map<RandomLife, List<JsonNode>> events = new HashMap<>();
            lives.forEach(life -> events.put(life, log.take(life.customerId())));
            teller.tell(world, receivers, events);
            world.workersComeToRest();
            Crowd.each(lives, RandomLife::compare);
            noneIsBroken(lives);
            receivers.comparePayouts();
            Invariants.of(world).check();
            receivers.turnSomeBack();
            Crowd.each(lives, RandomLife::askForJobs);
        }
        teller.tell(world, receivers, Map.of());
        world.reviewsComeToRest();
        Crowd.each(lives, RandomLife::compare);
        noneIsBroken(lives);
        receivers.comparePayouts();
        Invariants.of(world).check();
    }

    private static void noneIsBroken(List<RandomLife> lives) {
        List<String> failures =
                lives.stream().map(RandomLife::failure).filter(Objects::nonNull).toList();
        assertThat(failures.size())
                .as("broken lives, such as%n%s", failures.stream().limit(3).toList())
                .isZero();
    }

    private static void deliver(World world, Receivers receivers, Map<RandomLife, List<JsonNode>> events) {
        Crowd.each(
                events.entrySet(),
                each -> each.getKey()
                        .telling(each.getValue())
                        .forEach(event -> world.webhooks().bring(event)));
        receivers.tellOfReversals();
    }
}
