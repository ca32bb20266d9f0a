package dev.paymaster.payout.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.payout.PayoutCommand.ApplyReversalOutcome;
import dev.paymaster.events.payout.PayoutCommand.Outcome;
import dev.paymaster.payout.Samples;
import dev.paymaster.payout.obligation.Payout;
import dev.paymaster.payout.recovery.OutcomeRules.Circumstances;
import dev.paymaster.payout.recovery.ReversalRules.Wish;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How transfers are taken back: what is told, what is asked for, and what comes of asking. */
class ReversalRulesTest {
    private final ReversalRules rules = new ReversalRules(Samples.PATIENCE);

    @ParameterizedTest
    @CsvSource({
        "paid,      tr_1, 40,  paid -40 #1",
        "paid,      tr_1, 100, reversed -100 #1",
        "paid,      tr_1, 101, reversed -100 #1",
        "paid,      tr_2, 40,  ignored",
        "due,       tr_1, 40,  paid -40 #1",
        "called,    tr_1, 100, reversed -100 #1",
        "unfunded,  tr_1, 40,  paid -40 #1",
        "failed,    tr_1, 100, reversed -100 #1",
        "recalled,  tr_1, 40,  paid -40 reversal_requested #1 reverse +0",
        "recalled,  tr_1, 100, reversed -100 #1",
        "unwilling, tr_1, 100, reversed -100 #1",
        "reversed,  tr_1, 100, ignored",
        "reversed,  tr_1, 40,  ignored",
    })
    void believesWhatStripeTellsOfATransfer(String state, String transfer, long cents, String expected) {
        assertThat(inWords(ReversalRules.told(Samples.state(state), transfer, cents)))
                .isEqualTo(expected);
    }

    @Test
    void countsTheLargestAmountInWhateverOrder() {
        for (long[] order : new long[][] {{10, 40, 25}, {40, 25, 10}, {25, 25, 40, 40}}) {
            Payout payout = Samples.state("paid");
            for (long cents : order) {
                payout = ReversalRules.told(payout, "tr_1", cents) instanceof Verdict.Applied applied
                        ? applied.payout()
                        : payout;
            }
            assertThat(Samples.inWords(payout)).isEqualTo("paid -40 #1");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "paid,     paid reversal_requested #1 reverse +0",
        "recalled, transfer tr_1 is being taken back",
        "reversed, transfer tr_1 was taken back",
        "due,      it has not been paid",
        "unfunded, it has not been paid",
        "failed,   it has not been paid",
    })
    void takesBackOnlyWhatWasPaid(String state, String expected) {
        String said = switch (ReversalRules.wished(Samples.state(state), "a mistake", Samples.NOW)) {
            case Wish.Granted granted -> Samples.inWords(granted.payout());
            case Wish.Refused refused -> refused.detail();
        };

        assertThat(said).isEqualTo(expected);
    }

    /** state, outcome, cents taken back, what becomes of it. */
    @ParameterizedTest
    @CsvSource({
        "recalled,  paid,               100, reversed -100 #1",
        "recalled,  unknown,               , paid reversal_requested #1 reverse +2",
        "recalled,  not_yet,               , paid reversal_requested #1 reverse +2",
        "recalled,  refused,               , paid reversal_refused #1 inspect +0",
        "recalled,  insufficient_funds,    , paid reversal_refused #1 inspect +0",
        "recalled,  not_payable,           , paid reversal_refused #1 inspect +0",
        "inspected, paid,               100, reversed -100 #1",
        "inspected, paid,                 0, paid reversal_requested #1 reverse +0",
        "inspected, paid,                30, paid -30 reversal_requested #1 reverse +0",
        "inspected, unknown,               , paid reversal_requested #1 inspect +2",
        "inspected, not_yet,               , paid reversal_requested #1 inspect +2",
        "unwilling, paid,               100, reversed -100 #1",
        "unwilling, paid,                30, paid -30 reversal_refused #1",
        "unwilling, paid,                 0, paid reversal_refused #1",
        "unwilling, unknown,               , paid reversal_refused #1 inspect +2",
    })
    void followsTheTable(String state, String outcome, @Nullable Long cents, String expected) {
        assertThat(inWords(rules.apply(Samples.state(state), outcome(outcome, cents, 1), circumstances(true))))
                .isEqualTo(expected);
    }

    @Test
    void looksAfterThreeLostCallsAndUsesTheNextKeyThen() {
        Payout payout = Samples.state("recalled");
        for (int i = 0; i < 3; i++) {
            payout = applied(payout, outcome("unknown", null, 1));
        }
        assertThat(Samples.inWords(payout)).isEqualTo("paid reversal_requested #1 inspect +90");
        assertThat(Samples.inWords(applied(payout, outcome("paid", 0L, 1))))
                .as("looked at too early")
                .isEqualTo("paid reversal_requested #1 inspect +90");

        Circumstances later = new Circumstances(true, true, 0, Samples.NOW.plusSeconds(90));
        Verdict verdict = rules.apply(payout, outcome("paid", 0L, 1), later);

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Applied.class,
                        next -> assertThat(next.payout().key().past().recalls()).isEqualTo(2));
    }

    @Test
    void believesInAReversalThatNobodyAwaitsAndInNothingElse() {
        assertThat(inWords(rules.apply(Samples.state("recalled"), outcome("paid", 100L, 1), circumstances(false))))
                .isEqualTo("reversed -100 #1");
        for (String outcome : new String[] {"unknown", "not_yet", "refused"}) {
            assertThat(rules.apply(Samples.state("recalled"), outcome(outcome, null, 1), circumstances(false)))
                    .isEqualTo(new Verdict.Ignored());
            assertThat(rules.apply(Samples.state("recalled"), outcome(outcome, null, 2), circumstances(true)))
                    .as("of another key")
                    .isEqualTo(new Verdict.Ignored());
        }
    }

    private Payout applied(Payout payout, ApplyReversalOutcome outcome) {
        return rules.apply(payout, outcome, circumstances(true)) instanceof Verdict.Applied applied
                ? applied.payout()
                : payout;
    }

    private static ApplyReversalOutcome outcome(String outcome, @Nullable Long cents, int number) {
        return new ApplyReversalOutcome(
                Samples.RECEIVER,
                Samples.OWED.id(),
                number,
                "tr_1",
                Outcome.valueOf(outcome.toUpperCase(Locale.ROOT)),
                cents,
                "refused",
                Samples.NOW,
                null,
                null);
    }

    private static String inWords(Verdict verdict) {
        return verdict instanceof Verdict.Applied applied ? Samples.inWords(applied.payout()) : "ignored";
    }

    private static Circumstances circumstances(boolean awaited) {
        return new Circumstances(awaited, true, 0, Samples.NOW);
    }
}
