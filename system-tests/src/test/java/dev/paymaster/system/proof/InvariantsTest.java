package dev.paymaster.system.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.TransferRules.Transfer;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules see corruption: each is planted by the database's owner and rolled back again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InvariantsTest {
    private static final Transfer PAID = new Transfer("tr_1", "job 1", "acct_1", 100);

    private final World world = World.shared();
    private final Person sender = world.newPerson("Sam");
    private String verified = "";
    private String cancelled = "";

    @BeforeAll
    void playTheStory() {
        Person receiver = world.newPerson("Robin");
        world.subscribe(sender, "starter");
        sender.awaitCredits(50, 0);
        verified = world.verifiedJob(sender, receiver);
        world.verifiedJob(sender, receiver);
        cancelled = sender.createJob();
        sender.cancel(cancelled).expect(200);
        world.comesToRest();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UPDATE ledger.account SET available = available + 1 WHERE user_id = '%1$s'"
                        + "| available + held - debt is the signed sum",
                "UPDATE ledger.account SET held = held + 1, debt = debt + 1 WHERE user_id = '%1$s'"
                        + "| an account is what its last transfer left",
                "DELETE FROM ledger.transfer WHERE user_id = '%1$s' AND sequence = 2"
                        + "| transfers belong to an account and are numbered 1, 2, 3 without a gap",
                "UPDATE ledger.transfer SET available_after = 7 WHERE user_id = '%1$s' AND sequence = 2"
                        + "| a transfer's balances follow from those of the transfer before it",
                "UPDATE ledger.lot SET remaining = remaining - 1 WHERE user_id = '%1$s'"
                        + "| what remains of a lot is its grant, less what was drawn, plus what came back",
                "UPDATE ledger.lot SET granted = granted + 1 WHERE user_id = '%1$s'"
                        + "| a lot was granted once, in full, by the transfer that opened it",
                "UPDATE ledger.lot SET remaining = remaining - 1 WHERE user_id = '%1$s'"
                        + "| available is what remains in the lots",
                "UPDATE jobs.job SET credit_cost = 3 WHERE id = '%2$s'"
                        + "| a job is held once, for exactly what it costs, and a shadow job not at all",
                "DELETE FROM ledger.transfer WHERE job_id = '%2$s' AND kind = 'capture'"
                        + "| a verified or charged job is captured as it was held",
                "UPDATE ledger.transfer SET kind = 'capture' WHERE job_id = '%3$s' AND kind = 'release'"
                        + "| a rejected or cancelled job is released as it was held",
                "UPDATE ledger.transfer SET kind = 'release' WHERE job_id = '%2$s' AND kind = 'capture'"
                        + "| nothing else is captured or released",
                "UPDATE ledger.transfer SET job_id = '%1$s' WHERE job_id = '%2$s'"
                        + "| credits move only for jobs that exist",
                "UPDATE ledger.account SET held = held + 2 WHERE user_id = '%1$s' | held is what open jobs cost",
                "UPDATE billing.invoice SET granted = granted + 1 WHERE user_id = '%1$s'"
                        + "| an invoice's lots are its user's and make up what it granted",
                "DELETE FROM billing.invoice WHERE user_id = '%1$s'"
                        + "| a lot that an invoice granted comes from an invoice that was applied",
                "UPDATE billing.entitlement SET credits = 51 WHERE tier = 'starter'"
                        + "| a period entitles to its tier's credits, as often as that was bought",
                "UPDATE billing.entitlement SET credits = 51 WHERE tier = 'starter'"
                        + "| invoices have granted what periods entitle to",
                "UPDATE ledger.lot SET revenue_cents = revenue_cents + 1 WHERE user_id = '%1$s'"
                        + "| what an invoice brought in is in its lots or told besides, and was paid",
                "UPDATE billing.invoice SET cash_cents = revenue_cents - 1 WHERE user_id = '%1$s'"
                        + "| what an invoice brought in is in its lots or told besides, and was paid",
                "UPDATE payouts.sender_cash SET cash_cents = cash_cents + 1 WHERE sender = '%1$s'"
                        + "| a sender's cash is what the sender has paid and not got back, and each purchase counts",
                "UPDATE billing.invoice SET revenue_cents = revenue_cents + 1 WHERE user_id = '%1$s'"
                        + "| a sender's cash is what the sender has paid and not got back, and each purchase counts",
                "UPDATE payouts.sender_cash SET committed_cents = committed_cents + 1 WHERE sender = '%1$s'"
                        + "| payouts take what they come to, less what came back, unless they wait in line",
                "INSERT INTO payouts.waiting SELECT id, sender, receiver, 1, created_at FROM payouts.payout"
                        + " WHERE job_id = '%2$s' | nobody waits for cash that is there",
                "UPDATE payouts.payout SET amount_cents = 99 WHERE job_id = '%2$s'"
                        + "| a payout is what a verified job owes its receiver",
                "INSERT INTO identity.connected_account VALUES ('%1$s', 'acct_of_sam', now());"
                        + " UPDATE payouts.payout SET status = 'paid', reason = NULL, step = NULL, next_attempt_at = NULL,"
                        + " transfer_id = 'tr_1', account_id = 'acct_of_sam' WHERE job_id = '%2$s'"
                        + "| a payout goes to an account of its receiver",
                "UPDATE payouts.payout SET batch_id = id WHERE job_id = '%2$s'"
                        + "| a payout that waits for a batch has one",
                "UPDATE payouts.payout SET job_id = id, jobs = 2 WHERE job_id = '%2$s'"
                        + "| a batch is what its jobs' payouts come to, and is paid with them",
                "DELETE FROM payouts.payout WHERE job_id = '%2$s' | a verified job has its payout",
                "ALTER TABLE payouts.payout DROP CONSTRAINT payout_job_id_key;"
                        + " UPDATE payouts.payout SET job_id = '%2$s'"
                        + "| a job has at most one payout",
            })
    void seesCorruption(String corruption, String rule) throws SQLException {
        try (Connection connection = world.database().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            assertThat(Findings.broken(connection)).isEmpty();
            statement.execute(corruption.formatted(sender.id(), verified, cancelled));

            assertThat(Findings.broken(connection))
                    .as("after %s", corruption)
                    .anyMatch(broken -> broken.startsWith("BROKEN: " + rule));

            connection.rollback();
        }
    }

    @Test
    void seesTransfersThatDoNotMatchPayouts() {
        Transfer again = new Transfer("tr_2", "job 1", "acct_1", 100);
        Transfer otherAmount = new Transfer("tr_1", "job 1", "acct_1", 101);

        assertThat(TransferRules.broken(List.of(PAID), List.of(PAID))).containsOnly("");
        assertThat(TransferRules.broken(List.of(PAID), List.of()))
                .anyMatch(broken -> broken.startsWith("BROKEN: a paid payout has its transfer at Stripe"));
        assertThat(TransferRules.broken(List.of(), List.of(PAID)))
                .anyMatch(broken -> broken.startsWith("BROKEN: a transfer at Stripe is that of a paid payout"));
        assertThat(TransferRules.broken(List.of(PAID), List.of(otherAmount)))
                .filteredOn(broken -> !broken.isEmpty())
                .hasSize(2);
        assertThat(TransferRules.broken(List.of(PAID), List.of(PAID, again)))
                .anyMatch(broken -> broken.startsWith("BROKEN: a job has at most one transfer at Stripe"));
    }

    @Test
    void seesFactsThatWereNotPublished() throws SQLException {
        try (Connection connection = world.database().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("""
                    UPDATE jobs.job SET sequence = 3 WHERE id = '%2$s';
                    UPDATE ledger.transfer SET available_after = 9 WHERE user_id = '%1$s' AND sequence = 2""".formatted(sender.id(), cancelled));

            assertThat(EventRules.broken(connection, world.kafka()))
                    .anyMatch(broken -> broken.startsWith("BROKEN: every fact is in job.events"))
                    .anyMatch(broken -> broken.startsWith("BROKEN: credit.events says what the database says"));

            connection.rollback();
        }
    }
}
