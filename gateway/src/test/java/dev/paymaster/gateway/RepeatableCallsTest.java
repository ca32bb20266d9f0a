package dev.paymaster.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.gateway.Http.Answer;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Calls that are repeated after something failed in the middle, at an instance whose clock is wrong. */
class RepeatableCallsTest {
    private static final Clock AHEAD = Clock.offset(Clock.systemUTC(), Duration.ofHours(25));
    private static final Sandbox STRIPE = new Sandbox();
    private static RunningGateway gateway;
    private static Http admin;

    private final String key = UUID.randomUUID().toString();

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start("gateway_repeatable", EmbeddedBroker.shared(), AHEAD, STRIPE.settings());
        admin = new Http(gateway.url(), RunningGateway.ADMIN_KEY);
        gateway.owner.execute("""
                CREATE FUNCTION identity.fails() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'as the test wants' USING ERRCODE = '58000'; END $$""");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        STRIPE.close();
    }

    @Test
    void makesOneUserThoughTheFirstAnswerCouldNotBeKept() {
        String wanted = "{\"name\": \"Kay\"}";
        Answer failed = whileItFails("UPDATE", () -> admin.post("/api/users", wanted, "Idempotency-Key", key));
        Answer again = admin.post("/api/users", wanted, "Idempotency-Key", key);

        assertThat(failed.code()).isEqualTo("database_unavailable");
        assertThat(again.status()).isEqualTo(201);
        assertThat(rows("SELECT 1 FROM identity.app_user WHERE name = 'Kay'")).isEqualTo(1);
    }

    @Test
    void makesOneKeyThoughTheFirstAnswerCouldNotBeKept() {
        Answer made = admin.post("/api/users", "{\"name\": \"Kim\"}");
        String path = "/api/users/" + made.body().path("user").path("id").asString() + "/keys";
        whileItFails("UPDATE", () -> admin.post(path, "", "Idempotency-Key", key));
        Answer again = admin.post(path, "", "Idempotency-Key", key);

        assertThat(again.status()).isEqualTo(201);
        assertThat(
                        rows(
                                "SELECT 1 FROM identity.api_key k JOIN identity.app_user u ON u.id = user_id WHERE name = 'Kim'"))
                .isEqualTo(2);
    }

    @Test
    void forgetsACallThatWasRefused() {
        String path = "/api/users/" + UUID.randomUUID() + "/keys";

        assertThat(admin.post(path, "", "Idempotency-Key", key).status()).isEqualTo(404);
        assertThat(admin.post(path, "", "Idempotency-Key", key).status()).isEqualTo(404);
    }

    @Test
    void keepsTheClaimOfACallToStripeWhoseAnswerCouldNotBeKept() {
        Http receiver = user();
        Answer failed = whileItFails("UPDATE", () -> receiver.post("/api/stripe/connect", "", "Idempotency-Key", key));
        Answer again = receiver.post("/api/stripe/connect", "", "Idempotency-Key", key);

        assertThat(failed.code()).isEqualTo("database_unavailable");
        // It may have taken effect, so nobody makes it again before the lease ends.
        assertThat(again.code()).isEqualTo("idempotency_key_in_use");
    }

    @Test
    void claimsACallForNoLongerThanItTakes() {
        Http receiver = user();
        whileItFails("UPDATE", () -> receiver.post("/api/stripe/connect", "", "Idempotency-Key", key));

        assertThat(rows("SELECT 1 FROM identity.repeatable_call WHERE answer IS NULL"))
                .isPositive();
        assertThat(rows("SELECT 1 FROM identity.repeatable_call WHERE lease_until > now() + interval '1 minute'"))
                .isZero();
        lease("- interval '1 second'");
        assertThat(receiver.post("/api/stripe/connect", "", "Idempotency-Key", key)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void leavesACallAloneThatAnotherInstanceHasClaimed() {
        Http receiver = user();
        whileItFails("UPDATE", () -> receiver.post("/api/stripe/connect", "", "Idempotency-Key", key));
        lease("+ interval '1 minute'");

        assertThat(receiver.post("/api/stripe/connect", "", "Idempotency-Key", key)
                        .code())
                .isEqualTo("idempotency_key_in_use");
    }

    /** As if an instance whose clock is right had claimed what is under way. */
    private static void lease(String fromNow) {
        gateway.owner.execute(
                "UPDATE identity.repeatable_call SET lease_until = now() " + fromNow + " WHERE answer IS NULL");
    }

    @Test
    void saysWhyACallFailedThoughItsClaimCannotBeReleased() {
        Http receiver = user();
        STRIPE.fault("error_before", "POST", "/v1/accounts", "");
        try {
            Answer failed =
                    whileItFails("DELETE", () -> receiver.post("/api/stripe/connect", "", "Idempotency-Key", key));

            assertThat(failed.code()).isEqualTo("stripe_unavailable");
        } finally {
            STRIPE.heal();
        }
    }

    @Test
    void letsACallThatFailedBeMadeAgain() {
        Http receiver = user();
        STRIPE.fault("rate_limit", "POST", "/v1/accounts", ", \"times\": 1");

        assertThat(receiver.post("/api/stripe/connect", "", "Idempotency-Key", key)
                        .code())
                .isEqualTo("stripe_busy");
        assertThat(receiver.post("/api/stripe/connect", "", "Idempotency-Key", key)
                        .status())
                .isEqualTo(200);
    }

    private static Http user() {
        return admin.as(admin.post("/api/users", "{\"name\": \"Ray\"}")
                .body()
                .path("key")
                .asString());
    }

    /** Sends a request while one kind of change of the remembered answers fails. */
    private static Answer whileItFails(String change, java.util.function.Supplier<Answer> request) {
        gateway.owner.execute("CREATE TRIGGER fails BEFORE " + change
                + " ON identity.repeatable_call FOR EACH ROW EXECUTE FUNCTION identity.fails()");
        try {
            return request.get();
        } finally {
            gateway.owner.execute("DROP TRIGGER fails ON identity.repeatable_call");
        }
    }

    private static int rows(String query) {
        return gateway.owner.queryForList(query).size();
    }
}
