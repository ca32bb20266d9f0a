package dev.paymaster.payout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.embedded.EmbeddedDatabase;
import dev.paymaster.payout.obligation.PayoutIds;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;

/** Workers beside each other on one database, and one after the other. */
class SeveralWorkersTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Surroundings around = Surroundings.shared();

    @AfterEach
    void heal() {
        around.stripe.heal();
    }

    @Test
    void payEachJobOnceWhileWorkersComeAndGo() {
        around.stripe.faults("""
                {"seed": 7, "rules": [
                  {"kind": "latency", "method": "POST", "path": "/v1/transfers", "min_millis": 5, "max_millis": 80},
                  {"kind": "drop_response", "method": "POST", "path": "/v1/transfers", "probability": 0.15},
                  {"kind": "error_before", "method": "POST", "path": "/v1/transfers", "probability": 0.05},
                  {"kind": "rate_limit", "method": "POST", "path": "/v1/transfers", "probability": 0.1}]}""");
        ConfigurableApplicationContext first = around.worker();
        List<UUID> receivers = Stream.generate(around::activeReceiver).limit(5).toList();
        List<UUID> jobs = receivers.stream()
                .flatMap(receiver ->
                        Stream.generate(() -> around.verifyJob(receiver)).limit(20))
                .toList();
        try (ConfigurableApplicationContext _ = around.worker()) {
            await().atMost(SOON).until(() -> around.countPaid(jobs) > 10);
            first.close();
            first = around.worker();

            await().atMost(SOON).until(() -> {
                around.endLeases();
                return around.countPaid(jobs) == jobs.size();
            });
        } finally {
            first.close();
        }

        assertThat(jobs)
                .allSatisfy(job -> assertThat(around.stripe.transfers(job)).hasSize(1));
    }

    @Test
    void payEachJobOnceThoughTheDatabaseCrashes() {
        around.stripe.faults("""
                {"seed": 7, "rules": [
                  {"kind": "latency", "method": "POST", "path": "/v1/transfers", "min_millis": 100, "max_millis": 300}]}""");
        List<UUID> jobs;
        try (ConfigurableApplicationContext _ = around.worker("--payouts.rate-limit.per-second=20")) {
            UUID receiver = around.activeReceiver();
            jobs = Stream.generate(() -> around.verifyJob(receiver)).limit(40).toList();
            await().atMost(SOON).until(() -> around.countPaid(jobs) > 5);

            EmbeddedDatabase.shared().crash();
            EmbeddedDatabase.shared().start();

            // Connections from before the crash are found to be broken.
            await().atMost(SOON)
                    .ignoreExceptionsInstanceOf(DataAccessException.class)
                    .until(() -> {
                        around.endLeases();
                        return around.countPaid(jobs) == jobs.size();
                    });
        }

        assertThat(jobs)
                .allSatisfy(job -> assertThat(around.stripe.transfers(job)).hasSize(1));
    }

    /** Each of three workers could make all of the calls within a second; together they may not. */
    @Test
    void shareOneRateLimit() {
        String[] limit = {"--payouts.rate-limit.per-second=20", "--payouts.rate-limit.burst=3"};
        List<UUID> jobs;
        try (ConfigurableApplicationContext _ = around.worker(limit);
                ConfigurableApplicationContext _ = around.worker(limit);
                ConfigurableApplicationContext _ = around.worker(limit)) {
            List<UUID> receivers =
                    Stream.generate(around::activeReceiver).limit(6).toList();
            jobs = receivers.stream()
                    .flatMap(receiver ->
                            Stream.generate(() -> around.verifyJob(receiver)).limit(10))
                    .toList();
            await().atMost(SOON).until(() -> around.countPaid(jobs) == jobs.size());
        }

        // The burst, and then one every 50 ms; less what the first answer was slower than the last.
        assertThat(around.spanOfCalls(jobs)).isGreaterThan(Duration.ofMillis((60 - 3) * 50 - 300));
    }

    /** What is repeated at once, because its answer was lost, counts as well. */
    @Test
    void shareOneRateLimitThoughAnswersAreLost() {
        around.stripe.faults("""
                {"seed": 7, "rules": [
                  {"kind": "drop_response", "method": "POST", "path": "/v1/transfers", "probability": 0.4}]}""");
        String[] limit = {
            "--payouts.rate-limit.per-second=20",
            "--payouts.rate-limit.burst=3",
            // Its pauses would hide what is too much.
            "--resilience4j.circuitbreaker.instances.stripe.failure-rate-threshold=100"
        };
        List<UUID> jobs;
        try (ConfigurableApplicationContext _ = around.worker(limit);
                ConfigurableApplicationContext _ = around.worker(limit);
                ConfigurableApplicationContext _ = around.worker(limit)) {
            UUID receiver = around.activeReceiver();
            jobs = Stream.generate(() -> around.verifyJob(receiver)).limit(60).toList();
            await().atMost(SOON).until(() -> around.countPaid(jobs) == jobs.size());
        }

        long calls = around.countCalls(jobs);
        assertThat(calls).isGreaterThan(60);
        assertThat(around.spanOfCalls(jobs)).isGreaterThan(Duration.ofMillis((calls - 3) * 50 - 300));
        assertThat(jobs)
                .allSatisfy(job -> assertThat(around.stripe.transfers(job)).hasSize(1));
    }

    /** A list of several pages is so many calls. */
    @Test
    void lookNoFurtherThanTheRateLimitAllows() {
        UUID job = Surroundings.oldJob();
        UUID receiver;
        String[] limit = {"--payouts.rate-limit.per-second=0.1", "--payouts.rate-limit.burst=1"};
        try (ConfigurableApplicationContext _ = around.worker(limit)) {
            receiver = UUID.randomUUID();
            String account = around.activeAccount(receiver);
            around.stripe.transfer(account, job, PayoutIds.of(job));
            for (int i = 0; i < 100; i++) {
                around.stripe.transfer(account, job, UUID.randomUUID());
            }
            around.verifyJob(job, receiver, 100, false);
            await().atMost(SOON).until(() -> !around.outcomesOf(job).isEmpty());
        }
        assertThat(around.outcomesOf(job).getFirst()).isEqualTo("not_yet");

        try (ConfigurableApplicationContext _ = around.worker()) {
            around.awaitStatus(job, "paid");
        }
        assertThat(around.outcomesOf(job)).last().isEqualTo("paid");
    }

    @Test
    void keepWhatIsOwedWhileStripeIsOff() {
        UUID receiver = UUID.randomUUID();
        UUID job;
        try (ConfigurableApplicationContext _ = around.worker("--stripe.secret-key= ")) {
            String account = around.stripe.createAccount(receiver);
            around.stripe.onboard(account, "complete");
            around.reportAccount(account);
            await().atMost(SOON).until(() -> around.accountOf(receiver).endsWith(" active"));
            job = around.verifyJob(receiver);
            around.awaitStatus(job, "due");
        }
        assertThat(around.stripe.transfers(job)).isEmpty();

        try (ConfigurableApplicationContext _ = around.worker()) {
            around.awaitStatus(job, "paid");
        }
        assertThat(around.stripe.transfers(job)).hasSize(1);
    }
}
