package dev.paymaster.payout.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.payout.PayoutCommand.ApplyTransferOutcome;
import dev.paymaster.events.payout.PayoutCommand.Outcome;
import dev.paymaster.payout.Samples;
import dev.paymaster.payout.obligation.Key;
import dev.paymaster.payout.obligation.ObligationRules;
import dev.paymaster.payout.obligation.Payout;
import dev.paymaster.payout.obligation.Payout.Due;
import dev.paymaster.payout.obligation.Payout.Paid;
import dev.paymaster.payout.obligation.Plan;
import dev.paymaster.payout.recovery.OutcomeRules.Circumstances;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of outcomes: every state that awaits one, every outcome, with and without an active account. */
class OutcomeRulesTest {
    private static final Set<String> AWAITING = Set.of("due", "called", "doubtful", "searched", "crossed", "unfunded");

    /** state · outcome · what becomes of it; an asterisk where the account makes no difference. */
    private static final String TABLE = """
            due      unknown            *        due #1 call +2
            due      not_yet            *        due #1 call +2
            due      absent             active   due #2 call +0
            due      absent             inactive held account_not_active #2
            due      insufficient_funds *        held insufficient_funds #1 lookup +60
            due      not_payable        active   held account_not_active #1 lookup +60
            due      not_payable        inactive held account_not_active #1
            due      refused            *        failed refused #1
            called   unknown            *        due #1 call +2
            called   not_yet            *        due #1 call +2
            called   absent             active   due #2 call +0
            called   absent             inactive held account_not_active #2
            called   insufficient_funds *        held insufficient_funds #1 lookup +60
            called   not_payable        active   held account_not_active #1 lookup +60
            called   not_payable        inactive held account_not_active #1
            called   refused            *        failed refused #1
            doubtful unknown            *        due #1 lookup +90
            doubtful not_yet            *        due #1 call +2
            doubtful absent             *        due #1 lookup +50
            doubtful insufficient_funds *        held insufficient_funds #1 lookup +60
            doubtful not_payable        *        held account_not_active #1 lookup +60
            doubtful refused            *        due #1 lookup +50
            searched unknown            *        due #1 lookup +2
            searched not_yet            *        due #1 lookup +2
            searched absent             active   due #2 call +0
            searched absent             inactive held account_not_active #2
            searched insufficient_funds *        held insufficient_funds #1 lookup +60
            searched not_payable        active   held account_not_active #1 lookup +60
            searched not_payable        inactive held account_not_active #1
            searched refused            *        failed refused #1
            crossed  unknown            *        held account_not_active #1 lookup +2
            crossed  not_yet            *        held account_not_active #1 lookup +2
            crossed  absent             active   due #2 call +0
            crossed  absent             inactive held account_not_active #2
            crossed  insufficient_funds *        held insufficient_funds #1 lookup +60
            crossed  not_payable        active   held account_not_active #1 lookup +60
            crossed  not_payable        inactive held account_not_active #1
            crossed  refused            *        failed refused #1
            unfunded unknown            *        held insufficient_funds #1 lookup +2
            unfunded not_yet            *        held insufficient_funds #1 lookup +2
            unfunded absent             active   due #2 call +-60
            unfunded absent             inactive held account_not_active #2
            unfunded insufficient_funds *        held insufficient_funds #1 lookup +60
            unfunded not_payable        active   held account_not_active #1 lookup +60
            unfunded not_payable        inactive held account_not_active #1
            unfunded refused            *        failed refused #1""";

    private final OutcomeRules rules = new OutcomeRules(Samples.PATIENCE);

    record Row(String state, Outcome outcome, String account, String expected) {
        static Row of(String line) {
            String[] cells = line.strip().split("\\s+", 4);
            return new Row(cells[0], Outcome.valueOf(cells[1].toUpperCase(Locale.ROOT)), cells[2], cells[3]);
        }

        Stream<Boolean> payable() {
            return account.equals("*") ? Stream.of(true, false) : Stream.of(account.equals("active"));
        }
    }

    static Stream<Row> rows() {
        return TABLE.lines().map(Row::of);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void followsTheTable(Row row) {
        row.payable().forEach(payable -> {
            Verdict verdict = rules.apply(
                    Samples.state(row.state()), Samples.outcome(row.outcome()), circumstances(true, payable));

            assertThat(verdict)
                    .isInstanceOfSatisfying(
                            Verdict.Applied.class,
                            applied -> assertThat(Samples.inWords(applied.payout()))
                                    .isEqualTo(row.expected()));
        });
    }

    @Test
    void hasARowForEveryCase() {
        Set<String> expected = AWAITING.stream()
                .flatMap(state -> Arrays.stream(Outcome.values())
                        .filter(outcome -> outcome != Outcome.PAID)
                        .flatMap(outcome ->
                                Stream.of(true, false).map(payable -> state + " " + outcome + " " + payable)))
                .collect(Collectors.toSet());

        Set<String> present = rows().flatMap(
                        row -> row.payable().map(payable -> row.state() + " " + row.outcome() + " " + payable))
                .collect(Collectors.toSet());

        assertThat(present).isEqualTo(expected);
    }

    @Test
    void believesInATransferFromWhoeverTellsOfIt() {
        Samples.states().forEach((name, payout) -> {
            if (payout.transfer() == null) {
                assertThat(rules.apply(payout, Samples.outcome(Outcome.PAID), circumstances(false, false)))
                        .as(name)
                        .isEqualTo(new Verdict.Applied(new Paid(Samples.OWED, payout.key(), "tr_1")));
            }
        });
    }

    @Test
    void believesInATransferOfAnEarlierAttempt() {
        Payout payout = new Payout.Due(Samples.OWED, Samples.USED.next(), Plan.call(Samples.NOW), null);

        Verdict verdict = rules.apply(payout, Samples.outcome(Outcome.PAID), circumstances(false, true));

        assertThat(verdict).isEqualTo(new Verdict.Applied(new Paid(Samples.OWED, payout.key(), "tr_1")));
    }

    @Test
    void hearsOfTheSameTransferTwiceWithoutAChange() {
        for (String state : Set.of("paid", "recalled", "reversed")) {
            assertThat(rules.apply(Samples.state(state), Samples.outcome(Outcome.PAID), circumstances(true, true)))
                    .isEqualTo(new Verdict.Ignored());
        }
    }

    @Test
    void raisesTheAlarmOverASecondTransfer() {
        ApplyTransferOutcome second = new ApplyTransferOutcome(
                Samples.RECEIVER, Samples.OWED.id(), 1, Outcome.PAID, "tr_2", "made", Samples.NOW);

        for (String state : Set.of("paid", "reversed")) {
            assertThat(rules.apply(Samples.state(state), second, circumstances(true, true)))
                    .isEqualTo(new Verdict.PaidTwice("tr_1", "tr_2"));
        }
    }

    @Test
    void ignoresWhatNobodyAwaits() {
        Samples.states().forEach((name, payout) -> {
            for (Outcome outcome : Outcome.values()) {
                if (outcome != Outcome.PAID) {
                    assertThat(rules.apply(payout, Samples.outcome(outcome), circumstances(false, true)))
                            .as(name + " " + outcome)
                            .isEqualTo(new Verdict.Ignored());
                }
            }
        });
    }

    @Test
    void ignoresWhatComesAfterTheEnd() {
        for (String state : Set.of("paid", "recalled", "unwilling", "failed", "reversed", "unpayable")) {
            for (Outcome outcome : Outcome.values()) {
                if (outcome != Outcome.PAID) {
                    assertThat(rules.apply(Samples.state(state), Samples.outcome(outcome), circumstances(true, true)))
                            .isEqualTo(new Verdict.Ignored());
                }
            }
        }
    }

    @Test
    void ignoresRefusalsOfEarlierAttempts() {
        Payout payout = new Payout.Due(Samples.OWED, Samples.USED.next(), Plan.call(Samples.NOW), null);

        assertThat(rules.apply(payout, Samples.outcome(Outcome.REFUSED), circumstances(true, true)))
                .isEqualTo(new Verdict.Ignored());
    }

    /** A lost call whose doubt is over may have made the transfer; only a look tells. */
    @Test
    void looksBeforeItFailsWhatWasOnceLost() {
        Key lost = Samples.USED.unknown(Samples.NOW.minusSeconds(1));
        Payout payout = new Payout.Due(Samples.OWED, lost, Plan.call(Samples.NOW), "lost");

        assertThat(Samples.inWords(applied(payout, Outcome.REFUSED))).isEqualTo("due #1 lookup +0");
    }

    @Test
    void failsWhatAnAccountKeepsRefusingThoughItIsActive() {
        Payout payout = Samples.state("called");
        for (int key = 1; key < 10; key++) {
            payout = answered(answered(payout, Outcome.NOT_PAYABLE, true), Outcome.ABSENT, true);
        }
        Payout released = new Payout.Due(Samples.OWED, payout.key().fresh(), Plan.call(Samples.NOW), null);

        assertThat(Samples.inWords(answered(payout, Outcome.NOT_PAYABLE, true))).isEqualTo("failed refused #10");
        assertThat(Samples.inWords(answered(payout, Outcome.NOT_PAYABLE, false)))
                .isEqualTo("held account_not_active #10");
        assertThat(Samples.inWords(answered(released, Outcome.NOT_PAYABLE, true)))
                .as("something has changed")
                .isEqualTo("held account_not_active #10 lookup +60");
    }

    /** It was the platform's balance that was short until now. */
    @Test
    void countsNoWaitForFundsAsARefusalOfTheAccount() {
        Payout payout = Samples.state("called");
        for (int key = 1; key < 12; key++) {
            payout = answered(answered(payout, Outcome.INSUFFICIENT_FUNDS, true), Outcome.ABSENT, true);
        }

        assertThat(Samples.inWords(answered(payout, Outcome.NOT_PAYABLE, true)))
                .startsWith("held account_not_active #12");
    }

    private Payout answered(Payout payout, Outcome outcome, boolean payable) {
        ApplyTransferOutcome answer = new ApplyTransferOutcome(
                Samples.RECEIVER,
                Samples.OWED.id(),
                payout.key().attempt(),
                outcome,
                null,
                "Stripe said so",
                Samples.NOW);
        return rules.apply(payout, answer, circumstances(true, payable)) instanceof Verdict.Applied next
                ? next.payout()
                : payout;
    }

    @Test
    void growsMorePatientWithEveryFruitlessKey() {
        Payout payout = Samples.state("due");
        for (int i = 0; i < 3; i++) {
            payout = applied(payout, Outcome.UNKNOWN);
        }
        Payout second = new Payout.Due(Samples.OWED, payout.key().next(), Plan.call(Samples.NOW), null);

        Verdict verdict = rules.apply(second, Samples.outcome(2, Outcome.UNKNOWN), circumstances(true, true));

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Applied.class,
                        next -> assertThat(Samples.inWords(next.payout())).isEqualTo("due #2 call +16"));
    }

    /** A payout that is made once more: what was taken back counts no more, and nothing else is believed to be. */
    @Test
    void takesWhatWasTakenBackForNothingOnlyWhenStripeAgrees() {
        Payout again = ObligationRules.retried(Samples.state("reversed"), true, Samples.NOW)
                        instanceof ObligationRules.Retry.Done done
                ? done.payout()
                : Samples.state("reversed");
        assertThat(Samples.inWords(again)).isEqualTo("due #1 lookup +0");

        assertThat(found(again, "tr_1", 100L, true)).isEqualTo("due #2 call +0");
        assertThat(found(again, "tr_1", 99L, true)).isEqualTo("due #1 lookup +2");
        assertThat(found(again, "tr_1", null, true)).isEqualTo("due #1 lookup +2");
        assertThat(found(again, "tr_1", 100L, false)).isEqualTo("Ignored");
        assertThat(found(again, "tr_2", 0L, true)).isEqualTo("paid #1");
        assertThat(found(again, "tr_2", 30L, true)).isEqualTo("paid -30 #1");
        assertThat(found(again, "tr_2", 100L, true)).isEqualTo("reversed -100 #1");
    }

    /** A new key may come days after what it is for was planned; others that were planned later don't go before it. */
    @Test
    void whatStoodBehindAShortageKeepsItsPlace() {
        Instant planned = Samples.NOW.minusSeconds(90_000);
        Payout old = new Due(Samples.OWED, Key.first(), Plan.call(planned), null);

        assertThat(applied(old, Outcome.ABSENT))
                .isEqualTo(new Due(Samples.OWED, old.key().next(), Plan.call(planned.plusNanos(1_000)), null));
    }

    @Test
    void whatHasWaitedForFundsHasSoStillAfterAnotherLook() {
        Payout waited = applied(Samples.state("unfunded"), Outcome.ABSENT);

        Verdict again = rules.apply(waited, Samples.outcome(2, Outcome.ABSENT), circumstances(true, true));

        assertThat(again)
                .isInstanceOfSatisfying(
                        Verdict.Applied.class,
                        next -> assertThat(next.payout())
                                .isEqualTo(new Due(
                                        Samples.OWED, waited.key().next(), Plan.call(Samples.OWED.createdAt()), null)));
    }

    /** Its call would make all others stand in line. */
    @Test
    void whatIsLookedForFirstHasNotWaitedForFunds() {
        Payout old = new Due(Samples.OWED, Key.first(), Plan.lookup(Samples.OWED.createdAt()), null);

        assertThat(ObligationRules.hasWaitedForFunds(applied(old, Outcome.ABSENT)))
                .isFalse();
        assertThat(ObligationRules.hasWaitedForFunds(applied(Samples.state("unfunded"), Outcome.ABSENT)))
                .isTrue();
    }

    private String found(Payout payout, String transfer, @Nullable Long reversed, boolean awaited) {
        ApplyTransferOutcome outcome = new ApplyTransferOutcome(
                Samples.RECEIVER,
                Samples.OWED.id(),
                1,
                Outcome.PAID,
                transfer,
                "found",
                Samples.NOW,
                reversed,
                null,
                null);
        return rules.apply(payout, outcome, circumstances(awaited, true)) instanceof Verdict.Applied next
                ? Samples.inWords(next.payout())
                : "Ignored";
    }

    private Payout applied(Payout payout, Outcome outcome) {
        return rules.apply(payout, Samples.outcome(outcome), circumstances(true, true)) instanceof Verdict.Applied next
                ? next.payout()
                : payout;
    }

    private static Circumstances circumstances(boolean awaited, boolean payable) {
        return new Circumstances(awaited, payable, 0, Samples.NOW);
    }
}
