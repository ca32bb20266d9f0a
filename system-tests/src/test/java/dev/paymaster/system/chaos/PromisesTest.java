package dev.paymaster.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Promises are seen to be broken: each is planted by the database's owner, and rolled back again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PromisesTest {
    private static final String ONE_JOB = "a request makes one job, and nothing else makes any";
    private static final String BOUGHT = "credits are what was bought, less what came back";

    private static final String ANOTHER_JOB =
            "INSERT INTO jobs.job (id, sender, status, skill, credit_cost, payout_cents,"
                    + " shadow, sequence, created_at, updated_at, prompt) SELECT gen_random_uuid(), sender, status, skill,"
                    + " credit_cost, payout_cents, shadow, sequence, created_at, updated_at, ";
    private static final String FROM_JOBS = " FROM jobs.job WHERE prompt = '%1$s untold'";

    private final World world = World.shared();
    private final Person sender = world.newPerson("Sam");
    private final Journal journal = new Journal();
    private final Promises promises = new Promises(journal, world.database(), world.kafka(), world.stripe());
    private final String told = sender.id() + " told";
    private final String untold = sender.id() + " untold";

    /** A third of a subscription came back. */
    @BeforeAll
    void askForJobs() {
        String session = world.subscribe(sender, "pro");
        sender.awaitCredits(150, 0);
        journal.asks(told, sender.id());
        journal.created(told, sender.id(), ask(told));
        journal.asks(untold, sender.id());
        ask(untold);
        String customer = world.stripe()
                .fetch("/v1/checkout/sessions/" + session)
                .path("customer")
                .stringValue();
        JsonNode payment =
                world.stripe().fetch("/v1/payment_intents?customer=" + customer).at("/data/0");
        long paid = payment.path("amount_received").longValue();
        world.stripe().refund(payment.path("id").stringValue(), paid / 3);
        sender.awaitCredits(150 - 2 * Person.COST - 49, 2 * Person.COST);
    }

    private String ask(String prompt) {
        return sender.api().post("/api/jobs", Person.newJob(prompt)).expect(201).text("/id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ANOTHER_JOB + "prompt" + FROM_JOBS + "| " + ONE_JOB,
                ANOTHER_JOB + "'nobody asked'" + FROM_JOBS + "| " + ONE_JOB,
                "UPDATE jobs.job SET prompt = '%1$s told' WHERE prompt = '%1$s untold'| " + ONE_JOB,
                "DELETE FROM jobs.job WHERE prompt = '%1$s told'| " + ONE_JOB,
                "UPDATE jobs.job SET sender = id WHERE prompt = '%1$s told'| " + ONE_JOB,
                "UPDATE jobs.job SET sender = id WHERE prompt = '%1$s untold'| " + ONE_JOB,
                "UPDATE ledger.transfer SET amount = 300 WHERE user_id = '%1$s' AND kind = 'grant'| " + BOUGHT,
                "DELETE FROM ledger.transfer WHERE user_id = '%1$s' AND kind = 'grant'| " + BOUGHT,
                "UPDATE ledger.transfer SET amount = amount + 1 WHERE user_id = '%1$s' AND kind = 'revoke'| " + BOUGHT,
                "DELETE FROM ledger.transfer WHERE user_id = '%1$s' AND kind = 'revoke'| " + BOUGHT,
            })
    void areSeenToBeBroken(String corruption, String rule) throws SQLException {
        try (Connection connection = world.database().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            assertThat(promises.broken(statement)).noneMatch(broken -> isOf(broken, rule));
            statement.execute(corruption.formatted(sender.id()));

            assertThat(promises.broken(statement)).as("after %s", corruption).anyMatch(broken -> isOf(broken, rule));

            connection.rollback();
        }
    }

    private static boolean isOf(String broken, String rule) {
        return broken.startsWith("BROKEN: " + rule);
    }
}
