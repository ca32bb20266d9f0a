package dev.paymaster.system.books;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Answer;
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

/** Everything adds up after a whole story, and each corruption is named; planted for a moment, as its owner could do it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProofTest implements Scenario {
    private static final String PATH = "/api/admin/proof?seconds=60";

    private final World world = World.shared();
    private final Person sender = world.newPerson("Sam");
    private String verified = "";

    @Override
    public World world() {
        return world;
    }

    @BeforeAll
    void playTheStory() {
        Person receiver = world.newPerson("Robin");
        world.onboard(receiver);
        world.subscribe(sender, "starter");
        sender.awaitCredits(50, 0);
        verified = world.verifiedJob(sender, receiver);
        sender.cancel(sender.createJob()).expect(200);
        sender.createJob();
        world.comesToRest();
    }

    @Test
    void findsNothingAtRest() {
        Answer proof = world.admin().get(PATH).expect(200);

        assertThat(proof.json().path("differences")).as(proof.body()).isEmpty();
        assertThat(proof.json().path("complete").booleanValue()).isTrue();
        assertThat(proof.number("/users")).isPositive();
        assertThat(proof.number("/transfers")).isPositive();
        assertThat(proof.number("/stripe/transfers")).isPositive();
        assertThat(proof.number("/stripe/invoices")).isPositive();
        assertThat(proof.number("/stripe/payouts")).isPositive();
        world.newPerson("Eve").api().get(PATH).expect(403);
        world.admin().get("/api/admin/proof?seconds=fast").expect(400);
        world.admin().get("/api/admin/proof?cursor=x").expect(400);
    }

    @Test
    void goesOnFromACursor() {
        Answer rest = world.admin()
                .get(PATH + "&cursor=ffffffff-0000-7000-8000-000000000000")
                .expect(200);

        assertThat(rest.json().path("complete").booleanValue()).isTrue();
        assertThat(rest.number("/users")).isZero();
        assertThat(rest.json().path("stripe").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UPDATE ledger.account SET available = available %s 1 WHERE user_id = '%s'"
                        + "| balance_is_the_sum_of_transfers, available_is_what_remains_in_lots",
                "UPDATE ledger.account SET held = held %s 1 WHERE user_id = '%s'"
                        + "| balance_is_the_sum_of_transfers, held_is_what_open_jobs_cost",
                "UPDATE ledger.transfer SET available_after = available_after %s 1 WHERE user_id = '%s' AND sequence = 2"
                        + "| transfers_follow_from_each_other",
                "UPDATE ledger.lot SET granted = granted %s 1 WHERE user_id = '%s'"
                        + "| lot_is_its_grant_less_its_draws, invoice_lots_make_up_what_it_granted",
                "UPDATE billing.invoice SET granted = granted %s 1 WHERE user_id = '%s'"
                        + "| invoice_lots_make_up_what_it_granted",
                "UPDATE jobs.job SET credit_cost = credit_cost %s 1 WHERE sender = '%s' AND status = 'verified'"
                        + "| job_holds_what_it_costs",
                "UPDATE payouts.payout SET amount_cents = amount_cents %s 1 WHERE sender = '%s'"
                        + "| job_has_one_payout_of_what_it_owes, transfer_is_as_the_payout",
            })
    void namesEachDifference(String corruption, String rules) throws SQLException {
        corrupt(corruption.formatted("+", sender.id()));
        List<String> found;
        try {
            found = rules();
        } finally {
            corrupt(corruption.formatted("-", sender.id()));
        }

        assertThat(found).containsExactlyInAnyOrder(rules.split(", ", -1));
        assertThat(rules()).isEmpty();
    }

    @Test
    void namesAPaidPayoutThatStripeKnowsNothingOf() throws SQLException {
        eventually("paid")
                .untilAsserted(
                        () -> assertThat(world.stripe().transfers(verified)).hasSize(1));
        String transfer =
                world.stripe().transfers(verified).getFirst().path("id").stringValue();
        corrupt("UPDATE payouts.payout SET transfer_id = 'tr_gone' WHERE job_id = '" + verified + "'");
        List<String> found;
        try {
            found = rules();
        } finally {
            corrupt("UPDATE payouts.payout SET transfer_id = '" + transfer + "' WHERE job_id = '" + verified + "'");
        }

        assertThat(found).containsExactlyInAnyOrder("job_is_paid_once", "paid_payout_has_its_transfer");
    }

    /** The operator may lay down that a rejected job costs its credits all the same. */
    @Test
    void takesAChargedJobForCaptured() throws SQLException {
        corrupt("UPDATE jobs.job SET status = 'rejected', charged = true WHERE id = '" + verified + "'");
        List<String> found;
        try {
            found = rules();
        } finally {
            corrupt("UPDATE jobs.job SET status = 'verified', charged = false WHERE id = '" + verified + "'");
        }

        assertThat(found).isNotEmpty().doesNotContain("job_is_settled_as_it_was_held");
    }

    private List<String> rules() {
        return world.admin()
                .get(PATH)
                .expect(200)
                .json()
                .path("differences")
                .valueStream()
                .map(difference -> difference.path("rule").stringValue())
                .distinct()
                .toList();
    }

    private void corrupt(String sql) throws SQLException {
        try (Connection connection = world.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
