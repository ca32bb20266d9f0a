package dev.paymaster.system.story;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** With the cap switched on, payouts wait for the cash that their sender's lots bring in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RevenueCapTest implements Scenario {
    private static final long PLENTY_CENTS = 10_000_000;
    private static final long GIFT = 60;
    private static final String HELD = "held revenue_cap";

    private final World world = World.with(Map.of("payouts.cap-at-revenue", "true"));

    @Override
    public World world() {
        return world;
    }

    @AfterAll
    void close() {
        world.close();
    }

    @BeforeEach
    void fundThePlatform() {
        world.stripe().setBalance(PLENTY_CENTS);
    }

    /** A starter's month brings in ten dollars: it pays ten jobs, though its credits and the gift suffice for more. */
    @Test
    void paysWhatTheSendersPurchasesHaveBroughtIn() throws IOException, SQLException {
        Person sender = world.newPersonWith(GIFT);
        Person receiver = world.newPerson("Robin");
        world.onboard(receiver);
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            jobs.add(world.verifiedJob(sender, receiver));
        }
        awaitPayouts(receiver, jobs, HELD);
        JsonNode held = payoutOf(receiver, jobs.getFirst());
        assertThat(held.path("detail").stringValue()).startsWith("The sender's purchases have to bring in more");
        String id = held.path("id").stringValue();
        assertThat(world.admin().get("/api/payouts/" + id).expect(200).text("/detail"))
                .contains("0 cents so far, of which payouts take 0");

        world.subscribe(sender, "starter");
        sender.awaitCredits(GIFT - 2 * 12 + 50, 0);
        awaitPayouts(receiver, jobs.subList(0, 10), "paid");
        awaitPayouts(receiver, jobs.subList(10, 12), HELD);
        countsAnewToTheSame();

        world.admin()
                .post("/api/payouts/"
                        + payoutOf(receiver, jobs.getLast()).path("id").stringValue() + "/retry")
                .expect(200);
        awaitPayouts(receiver, jobs.subList(11, 12), "paid");
        assertThat(statusOf(receiver, jobs.get(10))).isEqualTo(HELD);

        String session = sender.api()
                .post("/api/stripe/topups", "{\"pack\": \"small\"}")
                .expect(200)
                .text("/session_id");
        world.stripe().complete(session);
        awaitPayouts(receiver, jobs, "paid");

        String payment = world.stripe()
                .fetch("/v1/checkout/sessions/" + session)
                .path("payment_intent")
                .stringValue();
        world.stripe().refund(payment, 100);
        countsAnewToTheSame();
    }

    /** What an operator runs before the cap is switched on finds what is there already. */
    private void countsAnewToTheSame() throws IOException, SQLException {
        world.comesToRest();
        try (Connection connection = world.database().connect();
                Statement statement = connection.createStatement()) {
            List<String> before = books(statement);
            statement.execute("TRUNCATE payouts.lot_cash, payouts.further_cash, payouts.returned_cash");
            statement.execute("UPDATE payouts.sender_cash SET cash_cents = 0, committed_cents = 0");

            String page = Files.readString(Path.of("../docs/operating.md"));
            int begin = page.indexOf("BEGIN;\nLOCK TABLE payouts.lot_cash");
            String countAnew = page.substring(begin, page.indexOf("```", begin));
            statement.execute(countAnew);
            assertThat(books(statement)).isEqualTo(before).isNotEmpty();
            statement.execute(countAnew);
            assertThat(books(statement)).isEqualTo(before);
        }
    }

    private static List<String> books(Statement statement) throws SQLException {
        List<String> books = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(
                "SELECT sender, cash_cents, committed_cents FROM payouts.sender_cash WHERE cash_cents + committed_cents > 0"
                        + " ORDER BY sender")) {
            while (row.next()) {
                books.add(row.getString(1) + " " + row.getLong(2) + " " + row.getLong(3));
            }
        }
        return books;
    }

    private void awaitPayouts(Person receiver, List<String> jobs, String status) {
        eventually(jobs.size() + " payouts " + status)
                .untilAsserted(() -> assertThat(jobs)
                        .allSatisfy(job -> assertThat(statusOf(receiver, job)).isEqualTo(status)));
    }

    private static String statusOf(Person receiver, String job) {
        JsonNode payout = payoutOf(receiver, job);
        return (payout.path("status").asString("none") + " "
                        + payout.path("reason").asString(""))
                .strip();
    }

    private static JsonNode payoutOf(Person receiver, String job) {
        JsonNode list =
                receiver.api().get("/api/payouts?limit=100").expect(200).json().path("data");
        return list.valueStream()
                .filter(payout -> payout.path("job_id").stringValue().equals(job))
                .findFirst()
                .orElse(list.path(-1));
    }
}
