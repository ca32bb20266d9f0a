package dev.paymaster.system.story;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who did a job is paid for it once, as soon as that is possible. */
class PayoutTest implements Scenario {
    private static final long PLENTY_CENTS = 10_000_000;

    private final World world = World.shared();
    private final Person sender = world.newPersonWith(100);
    private final Person receiver = world.newPerson("Robin");

    @Override
    public World world() {
        return world;
    }

    @BeforeEach
    void fundThePlatform() {
        world.stripe().setBalance(PLENTY_CENTS);
    }

    @AfterEach
    void healStripe() {
        world.stripe().heal();
    }

    @Test
    void holdsAPayoutUntilItsReceiverCanBePaid() {
        String job = world.verifiedJob(sender, receiver);
        awaitPayout("held");
        Answer held = payouts();
        assertThat(held.text("/data/0/reason")).isEqualTo("account_not_active");
        assertThat(held.text("/data/0/job_id")).isEqualTo(job);
        world.comesToRest();
        assertThat(world.stripe().transfers(job)).isEmpty();

        String account = world.onboard(receiver);

        awaitPayout("paid");
        assertThat(world.stripe().transfers(job)).hasSize(1).allSatisfy(transfer -> {
            assertThat(transfer.path("amount").longValue()).isEqualTo(Person.PAY_CENTS);
            assertThat(transfer.path("destination").stringValue()).isEqualTo(account);
        });
    }

    @Test
    void keepsALogOfItsAttemptsThatAPersonCanRead() {
        String account = world.onboard(receiver);
        world.stripe().breakWith("""
                {"kind": "truncate_response", "method": "POST", "path": "/v1/transfers", "destination": "%s", "times": 2}""".formatted(account));
        Instant before = Instant.now();
        world.verifiedJob(sender, receiver);
        awaitPayout("paid");

        Answer payout = world.admin()
                .get("/api/payouts/" + payouts().text("/data/0/id"))
                .expect(200);

        String key = "payout:" + payout.text("/id") + ":1";
        String transfer = payout.text("/transfer_id");
        assertThat(transfer).startsWith("tr_");
        assertThat(payout.json().path("attempts")).hasSize(2).allSatisfy(attempt -> {
            assertThat(attempt.path("key").stringValue()).isEqualTo(key);
            assertThat(Instant.parse(attempt.path("at").stringValue())).isBetween(before, Instant.now());
            assertThat(Instant.parse(attempt.path("called_at").stringValue())).isBetween(before, Instant.now());
        });
        // A lost call is repeated at once; what is lost again waits.
        assertThat(payout.number("/attempts/0/calls")).isEqualTo(2);
        assertThat(payout.json().at("/attempts/1/calls").isMissingNode()).isTrue();
        assertThat(payout.number("/attempts/0/number")).isEqualTo(1);
        assertThat(payout.text("/attempts/0/outcome")).isEqualTo("unknown");
        assertThat(payout.text("/attempts/0/detail")).contains("no answer");
        assertThat(payout.json().at("/attempts/0/transfer_id").isMissingNode()).isTrue();
        assertThat(payout.text("/attempts/0/next_step")).startsWith("call Stripe with key " + key + " at 20");
        assertThat(payout.number("/attempts/1/number")).isEqualTo(2);
        assertThat(payout.text("/attempts/1/outcome")).isEqualTo("paid");
        assertThat(payout.text("/attempts/1/detail")).startsWith("Stripe made transfer " + transfer);
        assertThat(payout.text("/attempts/1/transfer_id")).isEqualTo(transfer);
        assertThat(payout.text("/attempts/1/next_step")).isEqualTo("nothing");
    }

    private Answer payouts() {
        return receiver.api().get("/api/payouts").expect(200);
    }

    private void awaitPayout(String status) {
        eventually("payout " + status)
                .untilAsserted(
                        () -> assertThat(payouts().json().at("/data/0/status").asString(""))
                                .isEqualTo(status));
    }
}
