package dev.paymaster.ledger;

import static dev.paymaster.ledger.TransferKind.CAPTURE;
import static dev.paymaster.ledger.TransferKind.EXPIRE;
import static dev.paymaster.ledger.TransferKind.GRANT;
import static dev.paymaster.ledger.TransferKind.HOLD;
import static dev.paymaster.ledger.TransferKind.REINSTATE;
import static dev.paymaster.ledger.TransferKind.RELEASE;
import static dev.paymaster.ledger.TransferKind.REPAY;
import static dev.paymaster.ledger.TransferKind.REVOKE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DecisionsTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final long GRANTED = 1000;
    private static final UUID USER = new UUID(0, 1);
    private static final UUID JOB = new UUID(0, 2);
    private static final UUID A = new UUID(1, 1);
    private static final UUID B = new UUID(1, 2);
    private static final UUID C = new UUID(1, 3);
    private static final UUID D = new UUID(1, 4);

    @Test
    void grantsOpenALot() {
        Posting posting = Decisions.grant(book(0), grant(50), A, NOW);

        assertThat(moves(posting)).containsExactly(tuple(GRANT, 50L, A));
        assertThat(posting.book().account()).isEqualTo(new Account(USER, 50, 0, 0, 1));
        assertThat(posting.book().lot(A).remaining()).isEqualTo(50);
        assertThat(posting.transfers().getFirst().recordedAt()).isEqualTo(NOW);
    }

    @Test
    void grantsPayOffDebtFirst() {
        Posting partly = Decisions.grant(book(8), grant(50), A, NOW);
        assertThat(moves(partly)).containsExactly(tuple(GRANT, 50L, A), tuple(REPAY, 8L, A));
        assertThat(partly.book().account()).isEqualTo(new Account(USER, 42, 0, 0, 2));
        assertThat(partly.book().lot(A).remaining()).isEqualTo(42);

        Posting wholly = Decisions.grant(book(80), grant(50), A, NOW);
        assertThat(moves(wholly)).containsExactly(tuple(GRANT, 50L, A), tuple(REPAY, 50L, A));
        assertThat(wholly.book().account()).isEqualTo(new Account(USER, 0, 0, 30, 2));
    }

    @Test
    void holdsDrawTheLotThatLapsesSoonestThenTheOldest() {
        Book book = book(0, lot(A, 5, null), lot(B, 5, NOW.plusSeconds(20)), lot(C, 5, NOW.plusSeconds(10)));

        assertThat(moves(held(book, 12))).containsExactly(tuple(HOLD, 5L, C), tuple(HOLD, 5L, B), tuple(HOLD, 2L, A));
        assertThat(moves(held(book(0, lot(A, 5, null), lot(B, 5, null)), 6)))
                .containsExactly(tuple(HOLD, 5L, A), tuple(HOLD, 1L, B));
    }

    @Test
    void holdsNeverDrawALapsedLot() {
        Book book = book(0, lot(A, 5, NOW), lot(B, 5, NOW.plusMillis(1)));

        assertThat(moves(held(book, 5))).containsExactly(tuple(HOLD, 5L, B));
        assertThat(Decisions.hold(book, JOB, 6, NOW)).isEqualTo(new HoldResult.Insufficient(6, 5));
    }

    @Test
    void holdsAreRefusedWithoutCreditsOrWithDebt() {
        assertThat(Decisions.hold(book(0), JOB, 2, NOW)).isEqualTo(new HoldResult.Insufficient(2, 0));
        assertThat(Decisions.hold(book(0, lot(A, 1, null)), JOB, 2, NOW)).isEqualTo(new HoldResult.Insufficient(2, 1));
        assertThat(Decisions.hold(book(1, lot(A, 9, null)), JOB, 2, NOW)).isEqualTo(new HoldResult.Insufficient(2, 0));
    }

    @Test
    void capturesConsumeWhatIsHeldPerLot() {
        Posting held = held(book(0, lot(A, 1, null), lot(B, 5, null)), 2);

        Posting captured = Decisions.capture(held.book(), JOB, holds(held), NOW);

        assertThat(moves(captured)).containsExactly(tuple(CAPTURE, 1L, A), tuple(CAPTURE, 1L, B));
        assertThat(captured.book().account()).isEqualTo(new Account(USER, 4, 0, 0, 6));
        assertThat(captured.book().lot(B).remaining()).isEqualTo(4);
    }

    @Test
    void releasesGoBackToTheSameLots() {
        Book before = book(0, lot(A, 1, NOW.plusSeconds(1)), lot(B, 5, null));
        Posting held = held(before, 2);

        // Lot A has lapsed meanwhile; it gets its credit back all the same.
        Posting released = Decisions.release(held.book(), JOB, holds(held), NOW.plusSeconds(9));

        assertThat(moves(released)).containsExactly(tuple(RELEASE, 1L, A), tuple(RELEASE, 1L, B));
        assertThat(released.book().lots()).isEqualTo(before.lots());
        assertThat(released.book().account().available()).isEqualTo(6);
    }

    @Test
    void releasesPayOffDebtThatCameMeanwhile() {
        Posting held = held(book(0, lot(A, 5, null)), 5);
        Posting revoked = Decisions.revoke(held.book(), "refund:re_1", 3, A, NOW);

        Posting released = Decisions.release(revoked.book(), JOB, holds(held), NOW);

        assertThat(moves(released)).containsExactly(tuple(RELEASE, 5L, A), tuple(REPAY, 3L, A));
        assertThat(released.book().account()).isEqualTo(new Account(USER, 2, 0, 0, 5));
    }

    @Test
    void revocationsDrawTheLotInQuestionThenOthersThenBecomeDebt() {
        Book book = book(0, lot(A, 5, NOW.plusSeconds(1)), lot(B, 5, null), lot(C, 5, null));

        Posting posting = Decisions.revoke(book, "refund:re_1", 20, C, NOW);

        assertThat(moves(posting))
                .containsExactly(
                        tuple(REVOKE, 5L, C), tuple(REVOKE, 5L, A), tuple(REVOKE, 5L, B), tuple(REVOKE, 5L, null));
        assertThat(posting.book().account()).isEqualTo(new Account(USER, 0, 0, 5, 7));
        assertThat(posting.transfers()).allMatch(transfer -> transfer.ref().equals("refund:re_1"));
    }

    @Test
    void revocationsDrawALapsedLotOnlyIfItIsTheOneInQuestion() {
        Book book = book(0, lot(A, 5, NOW));

        assertThat(moves(Decisions.revoke(book, "r", 7, A, NOW)))
                .containsExactly(tuple(REVOKE, 5L, A), tuple(REVOKE, 2L, null));
        assertThat(moves(Decisions.revoke(book, "r", 7, null, NOW))).containsExactly(tuple(REVOKE, 7L, null));
    }

    @Test
    void revocationsOfLessThanThereIsTouchNothingElse() {
        Book book = book(0, lot(A, 5, null), lot(B, 5, null));

        assertThat(moves(Decisions.revoke(book, "r", 2, B, NOW))).containsExactly(tuple(REVOKE, 2L, B));
        assertThat(moves(Decisions.revoke(book, "r", 2, null, NOW))).containsExactly(tuple(REVOKE, 2L, A));
    }

    @Test
    void reinstatementsForgiveDebtThenFillTheLotInQuestionThenOthersAndLapsedOnesLast() {
        Book book = book(2, lot(A, 0, NOW), lot(B, 1, null), lot(C, 0, NOW.plusSeconds(1)));
        Map<UUID, Away> taken = Map.of(A, away(4), B, away(3), C, away(5));

        assertThat(moves(Decisions.reinstate(book, "back", 14, taken(taken), B, NOW)))
                .containsExactly(
                        tuple(REINSTATE, 2L, null),
                        tuple(REINSTATE, 3L, B),
                        tuple(REINSTATE, 5L, C),
                        tuple(REINSTATE, 4L, A));
        assertThat(moves(Decisions.reinstate(book, "back", 1, taken(taken), B, NOW)))
                .containsExactly(tuple(REINSTATE, 1L, null));
        assertThat(Decisions.reinstate(book, "back", 14, taken(taken), B, NOW)
                        .book()
                        .account())
                .isEqualTo(new Account(USER, 13, 0, 0, 7));
    }

    @Test
    void whatComesBackAloneHasTheTimeThatItWasAway() {
        Book book = book(
                0,
                lot(A, 5, NOW.minusSeconds(10)),
                lot(B, 0, NOW.plusSeconds(30)),
                lot(C, 5, NOW.plusSeconds(40)),
                lot(D, 5, null));
        Map<UUID, Away> taken = Map.of(
                A, new Away(4, NOW.minusSeconds(60)),
                B, new Away(3, NOW.minusSeconds(20)),
                C, new Away(2, NOW.minusSeconds(50)),
                D, away(1));

        Posting back = Decisions.reinstate(book, "back", 10, taken(taken), null, NOW);

        assertThat(moves(back))
                .containsExactly(
                        tuple(REINSTATE, 3L, B),
                        tuple(REINSTATE, 2L, C),
                        tuple(REINSTATE, 1L, D),
                        tuple(EXPIRE, 5L, A),
                        tuple(REINSTATE, 4L, A));
        assertThat(back.book().lot(A).expiresAt()).isEqualTo(NOW.plusSeconds(50));
        assertThat(back.book().lot(B).expiresAt()).isEqualTo(NOW.plusSeconds(50));
        assertThat(back.book().lot(C).expiresAt()).isEqualTo(NOW.plusSeconds(40));
        assertThat(back.book().account().available()).isEqualTo(4 + 3 + 7 + 6);
    }

    /** One credit that was away, and 999 that a job holds, or held. */
    @Test
    void whatComesBackToALotOfWhichAJobHoldsTheRestKeepsItsTime() {
        Instant end = NOW.plusSeconds(30);
        Map<UUID, Away> one = Map.of(A, new Away(1, NOW.minusSeconds(60)));

        assertThat(Decisions.reinstate(book(0, lot(A, 0, end)), "back", 1, new Elsewhere(one, Map.of(A, 999L)), A, NOW)
                        .book()
                        .lot(A)
                        .expiresAt())
                .as("held still")
                .isEqualTo(end);
        assertThat(Decisions.reinstate(book(0, lot(A, 999, end)), "back", 1, new Elsewhere(one, Map.of(A, 0L)), A, NOW)
                        .book()
                        .lot(A)
                        .expiresAt())
                .as("released before")
                .isEqualTo(end);
        assertThat(Decisions.reinstate(
                                book(0, lot(A, 0, end)), "back", 1, new Elsewhere(one, Map.of(A, 0L, B, 9L)), A, NOW)
                        .book()
                        .lot(A)
                        .expiresAt())
                .as("used up")
                .isEqualTo(end.plusSeconds(60));
    }

    /** A single credit in a job would make all others worthless, when time was over meanwhile. */
    @Test
    void whatComesBackHasItsTimeThoughAJobHoldsLessOfTheLot() {
        Instant end = NOW.minusSeconds(30);
        Map<UUID, Away> most = Map.of(A, new Away(99, NOW.minusSeconds(60)));

        assertThat(Decisions.reinstate(book(0, lot(A, 0, end)), "back", 99, new Elsewhere(most, Map.of(A, 1L)), A, NOW)
                        .book()
                        .lot(A)
                        .expiresAt())
                .isEqualTo(end.plusSeconds(60));
    }

    @Test
    void aClockThatIsBehindShortensNoLotsTime() {
        Book book = book(0, lot(A, 0, NOW.plusSeconds(30)));

        Posting back =
                Decisions.reinstate(book, "back", 3, taken(Map.of(A, new Away(3, NOW.plusSeconds(90_000)))), null, NOW);

        assertThat(back.book().lot(A).expiresAt()).isEqualTo(NOW.plusSeconds(30));
    }

    @Test
    void debtThatALotPaidOffLongAgoIsNoTimeOfWhatIsTakenNow() {
        Away owed = Away.owed(null, 1, NOW.minusSeconds(1000));

        Away away = Away.revoked(owed, 5, NOW.minusSeconds(10));

        assertThat(away).isEqualTo(new Away(6, NOW.minusSeconds(10)));
        assertThat(Away.owed(away, 1, NOW)).isEqualTo(new Away(7, NOW.minusSeconds(10)));
        assertThat(Away.returned(away, 5, NOW)).isEqualTo(new Away(1, NOW));
    }

    @Test
    void reinstatementsNeverGiveBackMoreThanWasTaken() {
        Book book = book(1, lot(A, 5, null));

        assertThatIllegalStateException()
                .isThrownBy(() -> Decisions.reinstate(book, "back", 5, taken(Map.of(A, away(3))), A, NOW))
                .withMessageContaining("1 more credits");
    }

    @Test
    void whatIsGivenBackLeavesRoomForWhatJobsHold() {
        Posting held = held(book(0, lot(A, GRANTED, null), lot(B, GRANTED, null)), 600);
        Posting revoked = Decisions.revoke(held.book(), "r", GRANTED, A, NOW);

        Posting back =
                Decisions.reinstate(revoked.book(), "back", GRANTED, taken(Map.of(A, away(400), B, away(600))), A, NOW);
        Posting released = Decisions.release(back.book(), JOB, holds(held), NOW);

        assertThat(released.book().lot(A).remaining()).isEqualTo(GRANTED);
        assertThat(released.book().lot(B).remaining()).isEqualTo(GRANTED);
    }

    @Test
    void expiryTakesWhatIsLeftOfLapsedLots() {
        Book book = book(0, lot(A, 5, NOW), lot(B, 0, NOW.minusSeconds(1)), lot(C, 5, NOW.plusSeconds(1)));

        Posting posting = Decisions.expire(book, NOW);

        assertThat(moves(posting)).containsExactly(tuple(EXPIRE, 5L, A));
        assertThat(posting.book().account().available()).isEqualTo(5);
    }

    @Test
    void amountsMustBePositive() {
        assertThatIllegalArgumentException().isThrownBy(() -> Decisions.hold(book(0), JOB, 0, NOW));
        assertThatIllegalArgumentException().isThrownBy(() -> Decisions.revoke(book(0), "r", -1, null, NOW));
        assertThatIllegalArgumentException().isThrownBy(() -> grant(0));
    }

    @Test
    void balancesCannotOverflow() {
        Book full = Decisions.grant(book(0), grant(Long.MAX_VALUE), A, NOW).book();

        assertThatThrownBy(() -> Decisions.grant(full, grant(1), B, NOW)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void impossibleStatesCannotBeMade() {
        assertThatIllegalStateException().isThrownBy(() -> new Account(USER, -1, 0, 0, 0));
        assertThatIllegalStateException().isThrownBy(() -> new Account(USER, 0, -1, 0, 0));
        assertThatIllegalStateException().isThrownBy(() -> new Account(USER, 0, 0, -1, 0));
        assertThatIllegalStateException().isThrownBy(() -> lot(A, 5, null).plus(-6));
        assertThatIllegalStateException().isThrownBy(() -> lot(A, 5, null).plus(GRANTED));
        assertThatIllegalStateException()
                .isThrownBy(() -> new Book(new Account(USER, 4, 0, 0, 1), List.of(lot(A, 5, null))))
                .withMessageContaining("4 available");
    }

    private static Book book(long debt, Lot... lots) {
        List<Lot> ordered = new ArrayList<>(List.of(lots));
        ordered.sort(Lot.SPENDING_ORDER);
        long available = ordered.stream().mapToLong(Lot::remaining).sum();
        return new Book(new Account(USER, available, 0, debt, lots.length), ordered);
    }

    /** Lots by age: A, B, C. */
    private static Lot lot(UUID id, long remaining, @Nullable Instant expiresAt) {
        return new Lot(
                id,
                USER,
                "manual",
                "manual:" + id,
                GRANTED,
                remaining,
                null,
                expiresAt,
                0,
                id.getLeastSignificantBits());
    }

    private static Grant grant(long amount) {
        return new Grant("invoice", "invoice:in_1", amount, NOW.minus(Duration.ofDays(1)), null, 1000);
    }

    private static Posting held(Book book, long amount) {
        return switch (Decisions.hold(book, JOB, amount, NOW)) {
            case Posting posting -> posting;
            case HoldResult.Insufficient insufficient -> throw new AssertionError(insufficient.toString());
        };
    }

    private static List<Hold> holds(Posting held) {
        return held.transfers().stream().map(Hold::of).toList();
    }

    private static List<Tuple> moves(Posting posting) {
        return posting.transfers().stream()
                .map(transfer -> tuple(transfer.kind(), transfer.amount(), transfer.lotId()))
                .toList();
    }

    private static Elsewhere taken(Map<UUID, Away> taken) {
        return new Elsewhere(taken, Map.of());
    }

    private static Away away(long credits) {
        return new Away(credits, NOW);
    }
}
