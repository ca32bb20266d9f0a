package dev.paymaster.system.books;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Api;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The money of one job, from the invoice to the transfer. */
class JobMoneyTest implements Scenario {
    private final World world = World.shared();

    @Override
    public World world() {
        return world;
    }

    @Test
    void tellsTheWholeChainToWhoeverMaySeeIt() {
        Person sender = world.newPerson("Sam");
        Person receiver = world.newPerson("Robin");
        String account = world.onboard(receiver);
        world.subscribe(sender, "starter");
        sender.awaitCredits(50, 0);
        String job = world.verifiedJob(sender, receiver);
        Api admin = world.admin();
        eventually("transfer of " + job)
                .untilAsserted(() -> assertThat(steps(admin, job))
                        .containsExactly("invoice", "grant", "hold", "capture", "payout", "transfer"));

        JsonNode invoice = step(admin, job, 0);
        assertThat(invoice.path("cents").longValue()).isEqualTo(1_000);
        assertThat(world.stripe()
                        .fetch("/v1/invoices/" + invoice.path("id").stringValue())
                        .path("status")
                        .stringValue())
                .isEqualTo("paid");
        assertThat(step(admin, job, 1).path("credits").longValue()).isEqualTo(50);
        assertThat(step(admin, job, 2).path("credits").longValue()).isEqualTo(Person.COST);
        JsonNode transfer = step(admin, job, 5);
        assertThat(transfer.path("cents").longValue()).isEqualTo(Person.PAY_CENTS);
        assertThat(transfer.path("account_id").stringValue()).isEqualTo(account);
        assertThat(transfer.path("transfer_id").stringValue())
                .isEqualTo(world.stripe().transfers(job).getFirst().path("id").stringValue());

        assertThat(steps(sender.api(), job)).isEqualTo(steps(admin, job));
        assertThat(sender.api().get(path(job)).body())
                .contains(invoice.path("id").stringValue())
                .doesNotContain(account);
        assertThat(steps(receiver.api(), job)).containsExactly("hold", "capture", "payout", "transfer");
        assertThat(receiver.api().get(path(job)).body()).contains(account).doesNotContain("in_", "lot_id");
        world.newPerson("Eve").api().get(path(job)).expect(404);
        world.stranger().get(path(job)).expect(401);
    }

    @Test
    void tellsOfEveryTransferOfAPayoutThatWasTakenBackAndMadeOnceMore() {
        Person sender = world.newPersonWith(5);
        Person receiver = world.newPerson("Robin");
        world.onboard(receiver);
        String job = world.verifiedJob(sender, receiver);
        Api admin = world.admin();
        awaitSteps(job, "transfer");
        String payout = receiver.api().get("/api/payouts").expect(200).text("/data/0/id");

        admin.post("/api/payouts/" + payout + "/reverse", "{\"reason\": \"a mistake\"}")
                .expect(200);
        awaitSteps(job, "transfer", "reversal");
        admin.post("/api/payouts/" + payout + "/retry").expect(200);
        awaitSteps(job, "transfer", "reversal", "transfer");
        admin.post("/api/payouts/" + payout + "/reverse", "{\"reason\": \"a mistake\"}")
                .expect(200);
        awaitSteps(job, "transfer", "reversal", "transfer", "reversal");

        Answer money = admin.get(path(job)).expect(200);
        assertThat(money.number("/totals/paid_cents")).isEqualTo(2 * Person.PAY_CENTS);
        assertThat(money.number("/totals/reversed_cents")).isEqualTo(2 * Person.PAY_CENTS);
        assertThat(money.json()
                        .path("steps")
                        .valueStream()
                        .filter(step -> step.has("transfer_id"))
                        .map(step -> step.path("transfer_id").stringValue())
                        .distinct())
                .containsExactlyElementsOf(world.stripe().transfers(job).reversed().stream()
                        .map(transfer -> transfer.path("id").stringValue())
                        .toList());
    }

    /** As if it had been paid together with others: account, transfer and what came back are the batch's. */
    @Test
    void tellsOfAPartOfABatchWhatIsTrueOfTheBatch() throws SQLException {
        Person sender = world.newPersonWith(5);
        Person receiver = world.newPerson("Robin");
        String account = world.onboard(receiver);
        String job = world.verifiedJob(sender, receiver);
        awaitSteps(job, "transfer");
        String payout = receiver.api().get("/api/payouts").expect(200).text("/data/0/id");
        UUID batch = UUID.randomUUID();

        execute("""
                UPDATE payouts.payout SET batch_id = '%1$s', account_id = NULL, first_used_at = NULL WHERE id = '%2$s';
                INSERT INTO payouts.payout (id, job_id, sender, receiver, amount_cents, description, status, transfer_id,
                    account_id, first_used_at, reversed_cents, attempt, sequence, created_at, updated_at)
                SELECT batch_id, batch_id, receiver, receiver, amount_cents, 'Payout for 1 job', status, transfer_id,
                    '%3$s', now(), 1, 1, 1, now(), now() FROM payouts.payout WHERE id = '%2$s'""".formatted(batch, payout, account));
        try {
            awaitSteps(job, "transfer", "reversal");
            assertThat(step(world.admin(), job, 4).path("account_id").stringValue())
                    .isEqualTo(account);
            assertThat(step(world.admin(), job, 5).path("cents").longValue()).isOne();
            Answer shown = receiver.api().get("/api/payouts/" + payout).expect(200);
            assertThat(shown.text("/account_id")).isEqualTo(account);
            assertThat(shown.number("/reversed_cents")).isOne();
        } finally {
            execute("""
                    DELETE FROM payouts.payout WHERE id = '%1$s';
                    UPDATE payouts.payout SET batch_id = NULL, account_id = '%3$s', first_used_at = now()
                    WHERE id = '%2$s'""".formatted(batch, payout, account));
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = world.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void awaitSteps(String job, String... ofCash) {
        eventually("steps of " + job)
                .untilAsserted(() -> assertThat(steps(world.admin(), job))
                        .startsWith("grant", "hold", "capture", "payout")
                        .endsWith(ofCash)
                        .hasSize(4 + ofCash.length));
    }

    @Test
    void tellsOfCreditsThatCameBack() {
        Person sender = world.newPersonWith(5);
        String job = sender.createJob();
        sender.cancel(job).expect(200);

        assertThat(steps(sender.api(), job)).containsExactly("grant", "hold", "release");
        assertThat(sender.api().get(path(job)).expect(200).number("/totals/credits_released"))
                .isEqualTo(Person.COST);
    }

    private static List<String> steps(Api viewer, String job) {
        return viewer.get(path(job))
                .expect(200)
                .json()
                .path("steps")
                .valueStream()
                .map(step -> step.path("step").stringValue())
                .toList();
    }

    private static JsonNode step(Api viewer, String job, int number) {
        return viewer.get(path(job)).expect(200).json().path("steps").path(number);
    }

    private static String path(String job) {
        return "/api/jobs/" + job + "/money";
    }
}
