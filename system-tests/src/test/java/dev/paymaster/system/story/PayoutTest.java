package dev.paymaster.system.story;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    void holdsAPayoutWhileTheAccountIsRestricted() {
        String account = receiver.api().post("/api/stripe/connect").expect(200).text("/account_id");
        world.stripe().onboard(account, "restrict");
        world.awaitConnect(receiver, "restricted");
        String job = world.verifiedJob(sender, receiver);
        awaitPayout("held");
        world.comesToRest();
        assertThat(world.stripe().transfers(job)).isEmpty();

        world.stripe().onboard(account, "complete");

        awaitPayout("paid");
        assertThat(world.stripe().transfers(job)).hasSize(1);
    }

    /** The first repetition is immediate; when that is lost, too, the payout is claimed anew. */
    @ParameterizedTest
    @CsvSource({
        "drop_response, 1",
        "drop_response, 2",
        "truncate_response, 2",
        "drop_request, 2",
        "rate_limit, 1",
        "empty_body, 2",
        "html_body, 1",
    })
    void paysOnceThoughStripesFirstAnswersSayNothing(String fault, int times) {
        world.onboard(receiver);
        world.stripe().breakWith("""
                {"kind": "%s", "method": "POST", "path": "/v1/transfers", "times": %d}""".formatted(fault, times));

        String job = world.verifiedJob(sender, receiver);

        awaitPayout("paid");
        world.comesToRest();
        assertThat(world.stripe().transfers(job)).hasSize(1);
    }

    @Test
    void paysEveryJobOfAReceiver() {
        world.onboard(receiver);

        for (int i = 0; i < 5; i++) {
            world.verifiedJob(sender, receiver);
        }

        eventually("five payouts")
                .untilAsserted(() -> assertThat(payouts().json().path("data"))
                        .hasSize(5)
                        .allSatisfy(payout ->
                                assertThat(payout.path("status").stringValue()).isEqualTo("paid")));
    }

    @Test
    void showsAPayoutWithItsAttempts() {
        world.onboard(receiver);
        world.verifiedJob(sender, receiver);
        awaitPayout("paid");

        Answer payout = receiver.api()
                .get("/api/payouts/" + payouts().text("/data/0/id"))
                .expect(200);

        assertThat(payout.text("/attempts/0/outcome")).isEqualTo("paid");
        assertThat(payout.text("/transfer_id")).startsWith("tr_");
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
