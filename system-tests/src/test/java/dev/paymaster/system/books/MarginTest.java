package dev.paymaster.system.books;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Cash in against payouts, to the cent. */
class MarginTest implements Scenario {
    private final World world = World.shared();

    @Override
    public World world() {
        return world;
    }

    @Test
    void setsAPayoutAgainstTheLotsThatPaidForIt() {
        Person sender = world.newPerson("Sam");
        Person receiver = world.newPerson("Robin");
        world.onboard(receiver);
        world.grant(sender, 1).expect(201);
        world.subscribe(sender, "starter");
        sender.awaitCredits(51, 0);
        long before = total("paid_cents");

        // One credit out of the gift, which is older, and one out of the invoice.
        world.verifiedJob(sender, receiver);

        eventually("payout").untilAsserted(() -> assertThat(total("paid_cents")).isEqualTo(before + Person.PAY_CENTS));
        JsonNode invoice = lotOf(sender, "starter").orElseThrow();
        assertThat(invoice.at("/figures/revenue_cents").longValue()).isEqualTo(1_000);
        assertThat(invoice.at("/figures/credits_captured").longValue()).isEqualTo(1);
        assertThat(invoice.at("/figures/paid_cents").longValue()).isEqualTo(50);
        assertThat(invoice.at("/figures/margin_cents").longValue()).isEqualTo(950);
        JsonNode gift = lotOf(sender, "manual").orElseThrow();
        assertThat(gift.at("/figures/paid_cents").longValue()).isEqualTo(50);
        assertThat(gift.at("/figures/margin_cents").longValue()).isEqualTo(-50);
    }

    /** Three of starter are as many credits as one of pro. */
    @Test
    void knowsATierHoweverOftenItWasBought() {
        Person sender = world.newPerson("Sam");
        String whose = "metadata[user_id]=" + sender.id();
        String customer = world.stripe().call("/v1/customers", whose).path("id").stringValue();
        world.stripe().control("customers/" + customer + "/card", "{\"card\": \"4242424242424242\"}");
        world.stripe()
                .call(
                        "/v1/subscriptions",
                        "customer=" + customer + "&" + whose
                                + "&items[0][price]=price_paymaster_starter&items[0][quantity]=3");
        sender.awaitCredits(150, 0);

        assertThat(lotOf(sender, "starter")).isPresent();
        assertThat(lotOf(sender, "pro")).isEmpty();
    }

    @Test
    void takesOffWhatCameBack() {
        Person sender = world.newPerson("Sam");
        world.subscribe(sender, "starter");
        sender.awaitCredits(50, 0);
        String invoice =
                lotOf(sender, "starter").orElseThrow().path("ref").stringValue().substring("invoice:".length());
        JsonNode before = world.admin().get("/api/admin/margin").expect(200).json();

        String refund = world.stripe().refund(world.stripe().paymentOf(invoice), 400);
        sender.awaitCredits(30, 0);

        JsonNode lot = lotOf(sender, "starter").orElseThrow();
        assertThat(lot.at("/figures/revenue_cents").longValue()).isEqualTo(1_000);
        assertThat(lot.at("/figures/returned_cents").longValue()).isEqualTo(400);
        assertThat(lot.at("/figures/margin_cents").longValue()).isEqualTo(600);
        assertThat(total("returned_cents"))
                .isEqualTo(before.at("/total/returned_cents").longValue() + 400);

        world.stripe().failRefund(refund);
        sender.awaitCredits(50, 0);
        assertThat(lotOf(sender, "starter")
                        .orElseThrow()
                        .at("/figures/margin_cents")
                        .longValue())
                .isEqualTo(1_000);
        assertThat(total("returned_cents"))
                .isEqualTo(before.at("/total/returned_cents").longValue());
    }

    @Test
    void sumsMonthsAndTiersAndWarns() {
        JsonNode margin = world.admin().get("/api/admin/margin").expect(200).json();
        long revenue = margin.path("data")
                .valueStream()
                .mapToLong(row -> row.at("/figures/revenue_cents").longValue())
                .sum();

        assertThat(margin.at("/total/revenue_cents").longValue()).isEqualTo(revenue);
        assertThat(margin.path("warning").stringValue()).contains("can pay out more than it takes in");
        assertThat(world.admin()
                        .get("/api/admin/margin?month=2001-01")
                        .expect(200)
                        .json()
                        .path("data"))
                .isEmpty();
        world.admin().get("/api/admin/margin?month=11").expect(400);
        world.admin().get("/api/admin/margin?by=user").expect(400);
        world.newPerson("Eve").api().get("/api/admin/margin").expect(403);
    }

    /** That of the grant here, in UTC, to the second; it may be another than that of the invoice at Stripe. */
    @Test
    void tellsTheMonthsOfGrants() throws SQLException {
        Person sender = world.newPerson("Sam");
        world.grant(sender, 5).expect(201);
        sender.awaitCredits(5, 0);
        world.subscribe(sender, "starter");
        sender.awaitCredits(55, 0);
        recordedAt(sender, 1, "'2002-01-31T23:59:59Z'");
        recordedAt(sender, 2, "'2002-02-01T00:00:00Z'");
        try {
            assertThat(tiers("?month=2002-01")).containsExactly("2002-01 manual 1 5 0");
            assertThat(tiers("?month=2002-02")).containsExactly("2002-02 starter 1 50 1000");
            assertThat(tiers("")).endsWith("2002-02 starter 1 50 1000", "2002-01 manual 1 5 0");
            assertThat(lotOf(sender, "manual").orElseThrow().path("month").stringValue())
                    .isEqualTo("2002-01");
            assertThat(lotOf(sender, "starter").orElseThrow().path("month").stringValue())
                    .isEqualTo("2002-02");
        } finally {
            recordedAt(sender, 1, "now()");
            recordedAt(sender, 2, "now()");
        }
    }

    private List<String> tiers(String query) {
        return world.admin()
                .get("/api/admin/margin" + query)
                .expect(200)
                .json()
                .path("data")
                .valueStream()
                .map(row -> row.path("month").stringValue() + " "
                        + row.path("tier").stringValue() + " " + row.path("lots") + " "
                        + row.at("/figures/credits_granted") + " " + row.at("/figures/revenue_cents"))
                .toList();
    }

    private void recordedAt(Person person, int sequence, String at) throws SQLException {
        try (Connection connection = world.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE ledger.transfer SET recorded_at = " + at + " WHERE user_id = '" + person.id()
                    + "' AND sequence = " + sequence);
        }
    }

    private long total(String figure) {
        return world.admin().get("/api/admin/margin").expect(200).number("/total/" + figure);
    }

    private Optional<JsonNode> lotOf(Person person, String tier) {
        return world.admin()
                .get("/api/admin/margin?by=lot&limit=100")
                .expect(200)
                .json()
                .path("data")
                .valueStream()
                .filter(lot -> lot.path("user_id").stringValue().equals(person.id()))
                .filter(lot -> lot.path("tier").stringValue().equals(tier))
                .findFirst();
    }
}
