package dev.paymaster.credit;

import static dev.paymaster.credit.stripe.StripeJson.STARTER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.credit.stripe.StripeJson;
import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.events.Topics;
import dev.paymaster.events.credit.CreditCommand.GrantCredits;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A service whose own clock is a day ahead: it takes nothing away early, and keeps nobody else from anything. */
class WrongClockTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Instant NOVEMBER = Instant.parse("2026-11-01T00:00:00Z");

    /** Of its own: others would read of a customer whom nobody ever names. */
    private static final EmbeddedBroker BROKER = EmbeddedBroker.startTemporary();

    private static ScriptedStripe stripe;
    private static CreditWorld world;

    @BeforeAll
    static void start() throws IOException {
        stripe = ScriptedStripe.start();
        world = new CreditWorld(
                "credit_wrong_clock",
                BROKER,
                "sk_test_1",
                Map.of("clock", Clock.offset(Clock.systemUTC(), Duration.ofHours(25))),
                "--stripe.api-base=" + stripe.url(),
                "--paymaster.tiers[0].name=starter",
                "--paymaster.tiers[0].credits-per-month=50",
                "--paymaster.tiers[0].expires-after=1h",
                "--timers.lookups=100ms",
                "--timers.lookups-after=0s");
    }

    @AfterAll
    static void stop() {
        world.close();
        stripe.close();
        BROKER.close();
    }

    /** Its own timer says that they have lapsed, again and again. */
    @Test
    void lapsesNoCreditsEarly() {
        UUID given = UUID.randomUUID();
        UUID payer = UUID.randomUUID();
        Instant now = Instant.now();
        Instant inAnHour = now.plus(Duration.ofHours(1));
        world.command("grant " + given, given, new GrantCredits(given, 7, "for an hour", inAnHour));
        paid(payer, payer, StripeJson.line(STARTER, 1000, now, now.plus(Duration.ofDays(30))));
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() ->
                        !world.events(given).isEmpty() && !world.events(payer).isEmpty());

        long before = world.processed(Topics.CREDIT_COMMANDS);
        Awaitility.await().atMost(PATIENCE).until(() -> world.processed(Topics.CREDIT_COMMANDS) > before + 4);

        assertThat(world.available(given)).isEqualTo(7);
        assertThat(world.available(payer)).isEqualTo(50);
    }

    @Test
    void asksAgainAsSoonAsOthersWould() {
        UUID user = UUID.randomUUID();
        paid(user, null, StripeJson.line(STARTER, 1000, NOVEMBER, NOVEMBER.plus(Duration.ofDays(30))));

        String asked = "SELECT count(*) FROM billing.lookup WHERE id = 'cus_" + user + "' AND tries > 0";
        Awaitility.await().atMost(PATIENCE).until(() -> world.number(asked) == 1);

        assertThat(world.number(asked + " AND due_at < now() + interval '5 minutes'"))
                .isEqualTo(1);
    }

    @Test
    void callsForReviewsWhenOthersWould() {
        UUID user = UUID.randomUUID();
        world.jdbc.update("""
                INSERT INTO billing.invoice (invoice_id, user_id, event_id, granted, revenue_cents, applied_at)
                VALUES ('in_called', ?, 'evt_called', 0, 0, now())""", user);
        world.jdbc.update("""
                INSERT INTO billing.payment (payment_id, invoice_id, refunded_cents, open, changed_at, called_at)
                VALUES ('pi_called', 'in_called', 500, true, now() - interval '1 minute', now() - interval '1 minute')""");

        String called = "SELECT count(*) FROM billing.payment WHERE payment_id = 'pi_called'"
                + " AND called_at > now() - interval '50 seconds'";
        Awaitility.await().atMost(PATIENCE).until(() -> world.number(called) == 1);

        assertThat(world.number(called + " AND called_at <= now()")).isEqualTo(1);
        assertThat(world.number(called + " AND changed_at > now() - interval '50 seconds'"))
                .as("it was only called for")
                .isZero();
    }

    private static void paid(UUID user, @Nullable UUID named, String line) {
        String invoice = StripeJson.invoice("in_" + user, "cus_" + user, "sub_" + user, named, false, line);
        String event = "evt_" + user;
        world.stripe("cus_" + user, event, "invoice.paid", StripeJson.event(event, "invoice.paid", invoice));
    }
}
