package dev.paymaster.credit.payment;

import dev.paymaster.credit.reversal.Purchase;
import dev.paymaster.credit.reversal.Purchase.OfInvoice;
import dev.paymaster.credit.reversal.Purchase.OfSession;
import dev.paymaster.credit.reversal.Revoked;
import dev.paymaster.credit.reversal.TakenBack;
import dev.paymaster.credit.reversal.TakenBack.Share;
import dev.paymaster.credit.reversal.TakenBack.Step;
import dev.paymaster.events.credit.CreditEvent.CashReturned;
import dev.paymaster.ledger.Account;
import dev.paymaster.ledger.LedgerBatch;
import dev.paymaster.ledger.Transfer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Compares, for purchases, the credits that were taken back with those that should be, and makes up the difference. It goes
 * by what is stored only, so a repeated review does nothing. Thread-safe; a {@link Batch} is for one thread.
 */
public final class Reviews {
    private final ReviewTables tables;
    private final Alarms alarms;

    public Reviews(JdbcOperations jdbc, Alarms alarms) {
        this.tables = new ReviewTables(jdbc);
        this.alarms = alarms;
    }

    /**
     * What has to change.
     *
     * @param target how many credits are to be revoked, all in all
     * @param lotRef of the lot in question
     * @param lapsedIn what of {@code target} has lapsed, by the accounts
     * @param store what to note once it is done
     */
    private record Change(
            UUID userId,
            Revoked before,
            long target,
            String lotRef,
            ToLongFunction<LedgerBatch> lapsedIn,
            Consumer<Revoked> store) {}

    /** Loads and locks, in the caller's transaction, all that the review of these purchases needs. */
    public Batch open(Collection<Purchase> purchases) {
        Batch batch = new Batch();
        Set<String> invoices = purchases.stream()
                .filter(OfInvoice.class::isInstance)
                .map(purchase -> ((OfInvoice) purchase).invoiceId())
                .collect(Collectors.toSet());
        Set<String> sessions = purchases.stream()
                .filter(OfSession.class::isInstance)
                .map(purchase -> ((OfSession) purchase).sessionId())
                .collect(Collectors.toSet());
        if (!invoices.isEmpty()) {
            reviewInvoices(invoices, batch);
        }
        if (!sessions.isEmpty()) {
            reviewTopUps(sessions, batch);
        }
        tables.cashBack(Stream.concat(invoices.stream(), sessions.stream()).toList())
                .forEach(cash -> batch.cashBack.put(cash.ref(), cash));
        return batch;
    }

    private void reviewTopUps(Set<String> sessions, Batch batch) {
        List<ReviewTables.Payment> payments = tables.lockPaymentsOfSessions(sessions);
        List<ReviewTables.TopUp> topUps = tables.lockTopUps(sessions);
        Map<String, Long> taken = tables.takenOfSessions(sessions);
        topUps.forEach(topUp -> batch.compare(topUp, taken.getOrDefault(topUp.sessionId(), 0L)));
        close(payments, topUps.stream().map(ReviewTables.TopUp::sessionId).collect(Collectors.toSet()), batch);
    }

    /** Of what has not had its effect yet, there is nothing to take back: it stays open. */
    private static void close(List<ReviewTables.Payment> payments, Set<String> applied, Batch batch) {
        payments.stream()
                .filter(payment -> applied.contains(payment.of()))
                .map(ReviewTables.Payment::id)
                .forEach(batch.closed::add);
    }

    private void reviewInvoices(Set<String> invoices, Batch batch) {
        List<ReviewTables.Payment> payments = tables.lockPayments(invoices);
        // Before their claims are read: whatever is applied by now has them all.
        Set<String> applied = tables.applied(invoices);
        List<ReviewTables.Period> periods = tables.lockPeriodsOf(invoices);
        List<ReviewTables.Claim> claims = tables.claimsOf(periods);
        List<ReviewTables.GivenBack> givenBack = tables.givenBackFor(periods);
        Map<String, Long> taken = tables.takenOf(
                claims.stream().map(ReviewTables.Claim::invoiceId).collect(Collectors.toSet()));
        for (ReviewTables.Period period : periods) {
            List<ReviewTables.Claim> ofPeriod =
                    claims.stream().filter(claim -> claim.isOf(period)).toList();
            List<ReviewTables.GivenBack> forPeriod =
                    givenBack.stream().filter(each -> each.isOf(period)).toList();
            batch.compare(period, ofPeriod, forPeriod, taken, invoices);
        }
        tables.givenBackOfNothing(invoices)
                .forEach(given -> alarms.balanceWithoutMoney(given.subscriptionId(), given.periodEnd(), given.cents()));
        close(payments, applied, batch);
    }

    /** The reviews of one batch. */
    public final class Batch {
        private final Map<String, List<Change>> changes = new HashMap<>();
        private final List<ReviewTables.Period> revoked = new ArrayList<>();
        private final List<ReviewTables.TopUp> topUps = new ArrayList<>();
        private final Set<String> closed = new HashSet<>();
        private final Map<String, CashReturned> cashBack = new HashMap<>();

        private Batch() {}

        private void compare(
                ReviewTables.Period period,
                List<ReviewTables.Claim> claims,
                List<ReviewTables.GivenBack> givenBack,
                Map<String, Long> taken,
                Set<String> reviewed) {
            List<Share> shares = claims.stream()
                    .map(claim -> new Share(
                            claim.above(),
                            claim.credits(),
                            claim.paidCents(),
                            taken.getOrDefault(claim.invoiceId(), 0L),
                            claim.periodCents()))
                    .toList();
            long givenBackCents =
                    givenBack.stream().mapToLong(ReviewTables.GivenBack::cents).sum();
            long unpaidCents = TakenBack.moreThanPaidCents(shares, givenBackCents);
            if (unpaidCents > shares.size() + givenBack.size()) {
                alarms.balanceWithoutMoney(period.subscriptionId(), period.end(), unpaidCents);
            }
            List<Step> steps = TakenBack.stepsOfPeriod(shares, givenBackCents);
            long target = steps.stream().mapToLong(Step::revoked).sum();
            boolean reversed = period.reversed()
                    || !givenBack.isEmpty()
                    || shares.stream().anyMatch(share -> share.takenCents() > 0);
            if (target == period.revoked().credits()) {
                if (reversed != period.reversed()) {
                    revoked.add(period.with(period.revoked(), reversed));
                }
                return;
            }
            Stream.concat(
                            claims.stream().map(ReviewTables.Claim::invoiceId),
                            givenBack.stream().map(ReviewTables.GivenBack::invoiceId))
                    .filter(reviewed::contains)
                    .findFirst()
                    .ifPresent(invoiceId -> {
                        ReviewTables.Claim claim = inQuestion(claims, invoiceId);
                        note(
                                new OfInvoice(invoiceId),
                                new Change(
                                        claim.userId(),
                                        period.revoked(),
                                        target,
                                        claim.lotRef(),
                                        accounts -> TakenBack.lapsedOf(
                                                steps, tier -> accounts.lapsed(claim.userId(), lotsOf(tier, claims))),
                                        after -> revoked.add(period.with(after, reversed))));
                    });
        }

        private static Set<String> lotsOf(long tier, List<ReviewTables.Claim> claims) {
            return claims.stream()
                    .filter(claim -> claim.credits() == tier)
                    .map(ReviewTables.Claim::lotRef)
                    .collect(Collectors.toSet());
        }

        /** The claim of an invoice; of one that only gives back, that of the highest tier, whose money comes back first. */
        private static ReviewTables.Claim inQuestion(List<ReviewTables.Claim> claims, String invoiceId) {
            return claims.stream()
                    .filter(claim -> claim.invoiceId().equals(invoiceId) && claim.paysForCredits())
                    .findFirst()
                    .orElseGet(() -> claims.stream()
                            .filter(claim -> claim.paysForCredits())
                            .max(Comparator.comparingLong(ReviewTables.Claim::credits))
                            .orElseThrow());
        }

        private void compare(ReviewTables.TopUp topUp, long taken) {
            long target = TakenBack.credits(topUp.credits(), taken, topUp.paidCents());
            if (target != topUp.revoked().credits()) {
                Purchase purchase = new OfSession(topUp.sessionId());
                note(
                        purchase,
                        new Change(
                                topUp.userId(),
                                topUp.revoked(),
                                target,
                                purchase.ref(),
                                accounts -> accounts.lapsed(topUp.userId(), Set.of(purchase.ref())),
                                after -> topUps.add(topUp.with(after))));
            }
        }

        private void note(Purchase purchase, Change change) {
            changes.computeIfAbsent(purchase.ref(), _ -> new ArrayList<>()).add(change);
        }

        /** Whose accounts the reviews change. */
        public Set<UUID> userIds() {
            return changes.values().stream()
                    .flatMap(List::stream)
                    .map(Change::userId)
                    .collect(Collectors.toSet());
        }

        /** What has come back of the cash of a purchase, once in this batch; empty when nothing is known that was paid. */
        public Optional<CashReturned> takeCashBack(Purchase purchase) {
            return Optional.ofNullable(cashBack.remove(purchase.ref()));
        }

        /** Makes up the difference for one purchase; nothing when there is none, or it was made up in this batch. */
        public List<Transfer> apply(Purchase purchase, LedgerBatch accounts, Instant now) {
            List<Transfer> transfers = new ArrayList<>();
            List<Change> due = changes.remove(purchase.ref());
            if (due != null) {
                due.forEach(change -> transfers.addAll(apply(purchase, change, accounts, now)));
            }
            return transfers;
        }

        /** What has lapsed lapses first, though no timer has come by yet: else other lots would pay for it. */
        private List<Transfer> apply(Purchase purchase, Change change, LedgerBatch accounts, Instant now) {
            List<Transfer> transfers = new ArrayList<>(accounts.expire(change.userId(), now));
            Revoked after =
                    change.before().to(change.target(), change.lapsedIn().applyAsLong(accounts));
            change.store().accept(after);
            long credits = after.taken() - change.before().taken();
            if (credits == 0) {
                return transfers;
            }
            Account account = accounts.account(change.userId());
            @Nullable UUID lot = accounts.lotOf(change.userId(), change.lotRef());
            // The number of its first entry makes it unique: of one purchase, money may come back several times.
            String ref = "reversal:" + purchase.ref() + ":" + (account.sequence() + 1);
            transfers.addAll(
                    credits > 0
                            ? accounts.revoke(change.userId(), ref, credits, lot, now)
                            : accounts.reinstate(change.userId(), ref, -credits, lot, now));
            return transfers;
        }

        /** Writes what was taken back by now. Call it once, last. */
        public void save() {
            if (!changes.isEmpty()) {
                throw new IllegalStateException("reviews were opened and not applied: " + changes.keySet());
            }
            tables.saveRevoked(revoked);
            tables.saveTopUps(topUps);
            tables.close(closed);
        }
    }
}
