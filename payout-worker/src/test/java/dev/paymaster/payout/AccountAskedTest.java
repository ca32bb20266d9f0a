package dev.paymaster.payout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;

/** Stripe is asked for accounts that payouts wait for, because what it told of them may have been lost. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountAskedTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Surroundings around = Surroundings.shared();
    private UUID receiver;
    private ConfigurableApplicationContext worker;

    @BeforeAll
    void start() {
        worker = around.worker(
                "--payouts.accounts-asked-after=200ms",
                "--payouts.patience.first-for-funds=1s",
                "--payouts.patience.longest-for-funds=1s");
    }

    @BeforeEach
    void comeAnew() {
        receiver = UUID.randomUUID();
    }

    @AfterAll
    void stop() {
        worker.close();
    }

    @Test
    void paysThoughTheLastEventOfAnAccountWasLost() {
        String account = around.stripe.createAccount(receiver);
        around.stripe.onboard(account, "restrict");
        around.reportAccount(account);
        UUID job = around.verifyJob(receiver);
        around.awaitStatus(job, "held account_not_active");

        around.stripe.onboard(account, "complete");

        around.awaitStatus(job, "paid");
        assertThat(around.accountOf(receiver)).isEqualTo(account + " active");
    }

    @Test
    void learnsThatAnAccountIsGoneThoughNobodyHasToldOfIt() {
        String account = around.activeAccount(receiver);
        around.stripe.deauthorize(account);

        UUID job = around.verifyJob(receiver);

        await().atMost(SOON).until(() -> around.accountOf(receiver).equals(account + " restricted"));
        around.awaitStatus(job, "held account_not_active");
    }

    /** All of it in one second, and what was told last is old. */
    @Test
    void paysTheAccountThatTookTheOldOnesPlaceWhicheverIsToldOfLast() {
        String old = around.stripe.createAccount(receiver);
        around.stripe.onboard(old, "complete");
        String before = around.stripe.account(old);
        around.stripe.deauthorize(old);
        String replacement = around.stripe.createAccount(receiver);
        around.stripe.onboard(replacement, "complete");
        long now = Instant.now().getEpochSecond();
        around.reportAccount(replacement, around.stripe.account(replacement), now);
        around.reportAccount(old, before, now);

        UUID job = around.verifyJob(receiver);

        around.awaitStatus(job, "paid");
        assertThat(requireNonNull(around.payoutOf(job)).account()).isEqualTo(replacement);
        assertThat(around.stripe.transfers(job)).hasSize(1);
    }
}
