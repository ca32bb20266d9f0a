package dev.paymaster.system.life;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Invariants;
import dev.paymaster.system.world.Crowd;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.Person.Balance;
import dev.paymaster.system.world.World;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** What settings other than the defaults change, and that everything adds up with them, too. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OtherSettingsTest {
    private static final int JOBS = 6;

    private final World world = World.with(
            Map.of("payouts.mode", "batched", "payouts.batch-period", "5s", "jobs.policy.when-rejected", "capture"));

    @AfterEach
    void everythingAddsUp() {
        world.comesToRest();
        Invariants.of(world).check();
    }

    @AfterAll
    void end() {
        world.close();
    }

    @Test
    void paysAReceiversJobsOfAPeriodByOneTransfer() {
        world.stripe().setBalance(1_000_000);
        Person sender = world.newPersonWith(JOBS * Person.COST);
        Person receiver = world.newPerson("Robin");
        String account = world.onboard(receiver);

        Crowd.each(IntStream.range(0, JOBS).boxed().toList(), _ -> world.verifiedJob(sender, receiver));

        eventually("batches are paid")
                .untilAsserted(() -> assertThat(ofJobs(receiver))
                        .hasSize(JOBS)
                        .allSatisfy(payout ->
                                assertThat(payout.path("status").stringValue()).isEqualTo("paid")));
        List<JsonNode> transfers = world.stripe().transfersTo(account);
        long batches = ofJobs(receiver).stream()
                .map(payout -> payout.path("batch_id").stringValue())
                .distinct()
                .count();
        assertThat(transfers).hasSizeLessThan(JOBS);
        assertThat((long) transfers.size()).isEqualTo(batches);
        assertThat(transfers.stream()
                        .mapToLong(transfer -> transfer.path("amount").longValue())
                        .sum())
                .isEqualTo(JOBS * Person.PAY_CENTS);
        assertThat(ofJobs(receiver))
                .allSatisfy(payout -> assertThat(jobsPaidWith(payout, receiver))
                        .contains(payout.path("job_id").stringValue()));
    }

    private static List<String> jobsPaidWith(JsonNode payout, Person receiver) {
        JsonNode batch = receiver.api()
                .get("/api/payouts/" + payout.path("batch_id").stringValue())
                .expect(200)
                .json();
        List<String> jobs =
                batch.path("job_ids").valueStream().map(JsonNode::stringValue).toList();
        assertThat(jobs).hasSize(batch.path("jobs").intValue());
        return jobs;
    }

    @Test
    void takesTheCreditsOfARejectedJobAndPaysNobody() {
        Person sender = world.newPersonWith(10);
        Person receiver = world.newPerson("Robin");
        String job = sender.createJob();
        receiver.accept(job).expect(200);
        receiver.submit(job).expect(200);

        sender.verify(job, false).expect(200);

        assertThat(sender.credits()).isEqualTo(new Balance(10 - Person.COST, 0, 0));
        world.comesToRest();
        assertThat(ofJobs(receiver)).isEmpty();
    }

    /** Without the batches themselves. */
    private static List<JsonNode> ofJobs(Person receiver) {
        return receiver.api()
                .get("/api/payouts?limit=100")
                .expect(200)
                .json()
                .path("data")
                .valueStream()
                .filter(payout -> !payout.path("id").equals(payout.path("job_id")))
                .toList();
    }
}
