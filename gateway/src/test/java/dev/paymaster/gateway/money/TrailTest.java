package dev.paymaster.gateway.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.gateway.money.Step.CashIn;
import dev.paymaster.gateway.money.Step.CashOut;
import dev.paymaster.gateway.money.Step.Granted;
import dev.paymaster.gateway.money.Step.Moved;
import dev.paymaster.gateway.money.Step.Owed;
import dev.paymaster.messaging.Codec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who sees what, about a job whose credits come out of two lots. */
class TrailTest {
    private static final UUID FIRST = new UUID(1, 1);
    private static final UUID SECOND = new UUID(1, 2);
    private static final UUID PAYOUT = new UUID(2, 1);
    private static final Trail.Head JOB = new Trail.Head(new UUID(3, 1), "verified", false, 3, 150);

    /** As the views give them: lots, moves, payout. */
    private static final List<Step> STEPS = List.of(
            new CashIn("invoice", at(1), 1_000, "in_1", "evt_1", FIRST),
            new Granted("grant", at(1), 50, FIRST, "invoice", "invoice:in_1", 1),
            new CashIn("topup", at(3), 300, "cs_1", null, SECOND),
            new Granted("grant", at(3), 10, SECOND, "topup", "session:cs_1", 9),
            new Moved("hold", at(2), 1, FIRST, 7L),
            new Moved("hold", at(2), 2, SECOND, 8L),
            new Moved("capture", at(4), 1, FIRST, 10L),
            new Moved("capture", at(4), 2, SECOND, 11L),
            new Owed("payout", at(5), 150, PAYOUT, "reversed", "account_not_active"),
            new CashOut("transfer", at(6), 150, PAYOUT, "tr_1", "acct_1"),
            new CashOut("reversal", at(7), 150, PAYOUT, "tr_1", "acct_1"));

    @Test
    void tellsAnAdministratorEverythingInOrder() {
        Trail trail = Trail.of(JOB, STEPS, Viewer.ADMIN);

        assertThat(trail.steps()).hasSameElementsAs(STEPS).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
        assertThat(trail.totals()).isEqualTo(new Trail.Totals(0, 3, 0, 150, 150));
    }

    @Test
    void keepsTheReceiversStripeAccountFromTheSender() {
        String json = json(Viewer.SENDER);

        assertThat(json).contains("in_1", "cs_1", FIRST.toString(), PAYOUT.toString());
        assertThat(json).doesNotContain("tr_1", "acct_1", "account_not_active");
    }

    @Test
    void keepsTheSendersPurchasesFromTheReceiver() {
        Trail trail = Trail.of(JOB, STEPS, Viewer.RECEIVER);

        assertThat(trail.steps())
                .containsExactly(
                        new Moved("hold", at(2), 3, null, null),
                        new Moved("capture", at(4), 3, null, null),
                        STEPS.get(8),
                        STEPS.get(9),
                        STEPS.get(10));
        assertThat(json(Viewer.RECEIVER))
                .doesNotContain("in_1", "evt_1", "cs_1", "\"lot_id\"", "\"sequence\"", "invoice", "topup", "grant");
        assertThat(trail.totals()).isEqualTo(Trail.of(JOB, STEPS, Viewer.ADMIN).totals());
    }

    @Test
    void showsNoReceiverThatAReleasePaidDebts() {
        List<Step> steps = List.of(
                new Moved("hold", at(1), 2, FIRST, 1L),
                new Moved("release", at(2), 2, FIRST, 2L),
                new Moved("repay", at(2), 2, FIRST, 3L));

        assertThat(Trail.of(JOB, steps, Viewer.RECEIVER).steps())
                .extracting(Step::step)
                .containsExactly("hold", "release");
        assertThat(Trail.of(JOB, steps, Viewer.SENDER).steps()).isEqualTo(steps);
    }

    private static String json(Viewer viewer) {
        return new String(Codec.write(Trail.of(JOB, STEPS, viewer)), StandardCharsets.UTF_8);
    }

    private static Instant at(long second) {
        return Instant.ofEpochSecond(second);
    }
}
