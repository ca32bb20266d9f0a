package dev.paymaster.payout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** Accounts that are lost or replaced between the decision to pay and the call to Stripe. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountLossTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Surroundings around = Surroundings.shared();
    private final UUID receiver = UUID.randomUUID();
    private ConfigurableApplicationContext worker;

    @BeforeAll
    void start() {
        worker = around.worker(Interference.class);
    }

    @AfterAll
    void stop() {
        worker.close();
    }

    @AfterEach
    void heal() {
        Interference.killAt(Interference.Point.NONE);
    }

    @Test
    void waitsWhileACapabilityIsLostAndPaysWhenItIsBack() {
        String account = around.activeAccount(receiver);
        around.stripe.capability(account, "inactive");
        UUID job = around.verifyJob(receiver);
        around.awaitStatus(job, "held account_not_active");
        around.reportAccount(account);
        awaitAccount(account + " restricted");
        assertThat(around.stripe.transfers(job)).isEmpty();

        around.stripe.capability(account, "active");
        around.reportAccount(account);

        around.awaitStatus(job, "paid");
        assertPaidOnce(job, account);
    }

    /** What Stripe tells of them is the same as of those of v1, so nothing here knows by which they were opened. */
    @Test
    void paysAccountsThatWereOpenedByAccountsV2() {
        UUID ada = UUID.randomUUID();
        String account = around.activate(ada, around.stripe.createAccountV2(ada));

        UUID job = around.verifyJob(ada);

        around.awaitStatus(job, "paid");
        assertPaidOnce(job, account);
    }

    @Test
    void paysTheNewAccountAfterTheOldOneWasDisconnected() {
        String old = around.activeAccount(receiver);
        around.stripe.deauthorize(old);
        UUID job = around.verifyJob(receiver);
        around.awaitStatus(job, "held account_not_active");
        around.reportDeauthorized(old);
        awaitAccount(old + " restricted");

        String replacement = around.activeAccount(receiver);

        around.awaitStatus(job, "paid");
        assertPaidOnce(job, replacement);
    }

    /** The key is bound to the old account, which refuses it; so the new account is paid with the next key. */
    @Test
    void paysTheNewAccountWhenTheOldOneIsReplacedBetweenClaimAndCall() {
        String old = around.activeAccount(receiver);
        Interference.killAt(Interference.Point.BEFORE_CALL);
        UUID job = around.verifyJob(receiver);
        awaitDeath();
        around.stripe.deauthorize(old);
        around.reportDeauthorized(old);
        awaitAccount(old + " restricted");
        String replacement = around.activeAccount(receiver);

        around.endLeases();

        around.awaitStatus(job, "paid");
        assertPaidOnce(job, replacement);
        assertThat(payoutOf(job).attempt()).isEqualTo(2);
        assertThat(around.outcomesOf(job)).containsExactly("not_payable", "absent", "paid");
    }

    /** Stripe has paid the old account, and the answer was lost: the same key tells, and nobody is paid twice. */
    @Test
    void doesNotPayTheNewAccountWhatTheOldOneHasGot() {
        String old = around.activeAccount(receiver);
        Interference.killAt(Interference.Point.BEFORE_PUBLISH);
        UUID job = around.verifyJob(receiver);
        awaitDeath();
        around.stripe.capability(old, "inactive");
        around.reportAccount(old);
        awaitAccount(old + " restricted");
        around.activeAccount(receiver);

        around.endLeases();

        around.awaitStatus(job, "paid");
        assertPaidOnce(job, old);
        assertThat(payoutOf(job).attempt()).isEqualTo(1);
    }

    private void assertPaidOnce(UUID job, String account) {
        List<JsonNode> transfers = around.stripe.transfers(job);
        assertThat(transfers).hasSize(1);
        assertThat(transfers.getFirst().path("destination").stringValue())
                .isEqualTo(account)
                .isEqualTo(payoutOf(job).account());
    }

    private void awaitAccount(String account) {
        await().atMost(SOON).until(() -> around.accountOf(receiver).equals(account));
    }

    private static void awaitDeath() {
        await().atMost(SOON).dontCatchUncaughtExceptions().until(Interference::hasKilled);
    }

    private Surroundings.View payoutOf(UUID job) {
        return requireNonNull(around.payoutOf(job));
    }
}
