package dev.paymaster.system.books;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The proof doesn't read again what it found in order, however much that is; here as soon as it is older than a second. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProofOfWhatIsNewTest {
    /** More than a page of Stripe's. */
    private static final int REFUNDS = 101;

    private final World world = World.with(Map.of("proof.look-back", "0s"));
    private final Person buyer = world.newPerson("Ben");
    private List<String> refunds = List.of();
    private String foreign = "";

    @BeforeAll
    void giveManyRefunds() {
        String session = buyer.api()
                .post("/api/stripe/topups", "{\"pack\": \"large\"}")
                .expect(200)
                .text("/session_id");
        world.stripe().complete(session);
        buyer.awaitCredits(200, 0);
        String payment = world.stripe()
                .fetch("/v1/checkout/sessions/" + session)
                .path("payment_intent")
                .stringValue();
        refunds = IntStream.range(0, REFUNDS)
                .mapToObj(_ -> world.stripe().refund(payment, 1))
                .toList();
        world.stripe().setBalance(1_000);
        foreign = world.stripe()
                .call(
                        "/v1/transfers",
                        "amount=100&currency=usd&transfer_group=ORDER_95&destination=" + world.onboard(buyer))
                .path("id")
                .stringValue();
        world.comesToRest();
        long last =
                world.stripe().fetch("/v1/transfers/" + foreign).path("created").longValue();
        // That many reviews are of many batches. Without Stripe's lists: these are to be new.
        eventually("books that add up")
                .untilAsserted(() -> assertThat(differences("&stripe_pages=0")).isEmpty());
        eventually("the next second").until(() -> Instant.now().getEpochSecond() > last);
    }

    @BeforeEach
    void begin() throws SQLException {
        corrupt("DELETE FROM identity.proof_mark");
    }

    @AfterAll
    void end() {
        world.close();
    }

    @Test
    void goesOnFromWhereAllWasInOrder() throws SQLException {
        differences("");
        corrupt("DELETE FROM identity.proof_mark WHERE list = 'refunds'");
        String planted = "refund_is_as_stripe_says " + refunds.getFirst();
        String planting =
                "UPDATE billing.reversal SET amount_cents = %d WHERE reversal_id = '" + refunds.getFirst() + "'";
        assertThat(pagesOfRefunds()).isEqualTo(2);
        assertThat(pagesOfRefunds()).as("it was in order").isEqualTo(1);

        corrupt(planting.formatted(2));
        assertThat(differences("")).as("it is old").doesNotContain(planted);
        assertThat(differences("&all=true")).contains(planted);
        assertThat(differences("")).as("it is named until it is gone").contains(planted);
        corrupt(planting.formatted(1));
        assertThat(differences("")).isEmpty();
        assertThat(pagesOfRefunds()).as("it is in order again").isEqualTo(1);
    }

    /** As of another product on the same account, which may make as many as we do. */
    @Test
    void goesOnThoughSomeTransfersAreOfOthers() {
        String named = "transfer_belongs_to_a_payout " + foreign;
        Answer first = prove("");
        Answer second = prove("");

        assertThat(first.number("/stripe/transfers")).isEqualTo(1);
        assertThat(found(first)).containsExactly(named);
        assertThat(second.number("/stripe/transfers")).as("it was seen").isZero();
        assertThat(found(second)).isEmpty();
        assertThat(differences("&all=true")).containsExactly(named);
        assertThat(prove("").number("/stripe/transfers")).isZero();
    }

    /** How many pages of the list of refunds a whole run reads. */
    private int pagesOfRefunds() {
        world.stripe().breakWith("""
                {"kind": "latency", "method": "GET", "path": "/v1/refunds", "millis": 0}""");
        assertThat(differences("")).isEmpty();
        int pages = world.stripe().strikes().getFirst();
        world.stripe().heal();
        return pages;
    }

    private List<String> differences(String more) {
        return found(prove(more));
    }

    private Answer prove(String more) {
        Answer proof = world.admin().get("/api/admin/proof?seconds=60" + more).expect(200);
        assertThat(proof.json().path("complete").booleanValue()).isTrue();
        return proof;
    }

    private static List<String> found(Answer proof) {
        return proof.json()
                .path("differences")
                .valueStream()
                .map(each -> each.path("rule").stringValue() + " "
                        + each.path("subject").stringValue())
                .toList();
    }

    private void corrupt(String sql) throws SQLException {
        try (Connection connection = world.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
