package dev.paymaster.system.fault;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.standalone.Service;
import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The payout worker ends at the worst moments; a receiver gets one transfer all the same. */
class PayoutOutageTest implements Scenario {
    private static final long PLENTY_CENTS = 10_000_000;

    private final World world = World.forFaults();
    private final Person sender = world.newPersonWith(100);
    private final Person receiver = world.newPerson("Robin");

    @Override
    public World world() {
        return world;
    }

    @BeforeEach
    void makeReceiverPayable() {
        world.stripe().setBalance(PLENTY_CENTS);
        world.onboard(receiver);
    }

    @AfterEach
    void healStripe() {
        world.stripe().heal();
    }

    @Test
    void paysWhatWasVerifiedWhileTheWorkerWasAway() {
        world.standalone().stop(Service.PAYOUT_WORKER);
        String job = world.verifiedJob(sender, receiver);
        world.standalone().start(Service.PAYOUT_WORKER);

        awaitPaid();
        assertThat(world.stripe().transfers(job)).hasSize(1);
    }

    @Test
    void paysOnceWhenTheWorkerEndsBetweenScheduleAndPay() {
        breakTransfers("rate_limit");
        String job = world.verifiedJob(sender, receiver);
        awaitPayout("due");

        world.standalone().stop(Service.PAYOUT_WORKER);
        world.stripe().heal();
        assertThat(world.stripe().transfers(job)).isEmpty();
        world.standalone().start(Service.PAYOUT_WORKER);

        awaitPaid();
        assertThat(world.stripe().transfers(job)).hasSize(1);
    }

    @Test
    void paysOnceWhenTheWorkerEndsBeforeItHearsThatItHasPaid() {
        breakTransfers("drop_response");
        String job = world.verifiedJob(sender, receiver);
        List<JsonNode> made = eventually("a transfer that nobody heard of")
                .until(() -> world.stripe().transfers(job), transfers -> !transfers.isEmpty());
        awaitPayout("due");

        world.standalone().stop(Service.PAYOUT_WORKER);
        world.stripe().heal();
        world.standalone().start(Service.PAYOUT_WORKER);

        awaitPaid();
        assertThat(world.stripe().transfers(job)).isEqualTo(made);
    }

    /** As when a worker was stopped past its lease and then goes on: two of them call Stripe at once. */
    @Test
    void paysOnceWhenALeaseEndsWhileItsCallIsUnderWay() throws SQLException {
        world.stripe().breakWith("""
                {"kind": "latency", "method": "POST", "path": "/v1/transfers", "millis": 1500}""");
        String job = world.verifiedJob(sender, receiver);
        String first = eventually("a claim").until(() -> claimOf(job), claim -> !claim.isEmpty());

        endLease(job);

        eventually("another claim").until(() -> claimOf(job), claim -> !claim.isEmpty() && !claim.equals(first));
        awaitPaid();
        assertThat(world.stripe().transfers(job)).hasSize(1);
    }

    private void breakTransfers(String fault) {
        world.stripe().breakWith("""
                {"kind": "%s", "method": "POST", "path": "/v1/transfers"}""".formatted(fault));
    }

    private void awaitPaid() {
        awaitPayout("paid");
        world.comesToRest();
    }

    private void awaitPayout(String status) {
        eventually("payout " + status)
                .untilAsserted(() -> assertThat(receiver.api()
                                .get("/api/payouts")
                                .expect(200)
                                .json()
                                .at("/data/0/status")
                                .asString(""))
                        .isEqualTo(status));
    }

    private String claimOf(String job) throws SQLException {
        try (Connection connection = world.database().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT coalesce(claim::text, '') FROM payouts.payout WHERE job_id = '" + job + "'")) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private void endLease(String job) throws SQLException {
        try (Connection connection = world.database().connect();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE payouts.payout SET lease_until = now()"
                            + " WHERE claim IS NOT NULL AND job_id = '" + job + "'"))
                    .isOne();
        }
    }
}
