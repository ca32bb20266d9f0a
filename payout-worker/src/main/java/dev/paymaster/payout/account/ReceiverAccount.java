package dev.paymaster.payout.account;

import dev.paymaster.events.payout.AccountSnapshot;
import dev.paymaster.events.payout.AccountSnapshot.Status;
import dev.paymaster.events.payout.PayoutCommand.ApplyAccountStatus;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a receiver's connected account; its components are named like the columns of table account.
 *
 * @param transfers state of Stripe's capability {@code transfers}
 * @param asOf when Stripe said so
 * @param payableSince when Stripe first said that the receiver can be paid, by this account or an earlier one
 */
public record ReceiverAccount(
        UUID receiver,
        String accountId,
        boolean detailsSubmitted,
        @Nullable String transfers,
        boolean payoutsEnabled,
        List<String> requirements,
        Instant asOf,
        @Nullable Instant payableSince) {

    static ReceiverAccount of(ApplyAccountStatus report) {
        return of(report, null);
    }

    private static ReceiverAccount of(ApplyAccountStatus report, @Nullable Instant payableBefore) {
        boolean payable = AccountSnapshot.statusOf(report.detailsSubmitted(), report.transfers()) == Status.ACTIVE;
        Instant since = payableBefore == null && payable ? report.asOf() : payableBefore;
        return new ReceiverAccount(
                report.receiver(),
                report.accountId(),
                report.detailsSubmitted(),
                report.transfers(),
                report.payoutsEnabled(),
                report.requirements(),
                report.asOf(),
                since);
    }

    /**
     * What is known after a report, or null when the report is out of date. Reports carry whole seconds, so of two with
     * the same time the later arrival counts: the last of a burst is mostly the last that was written. A report of
     * another account counts only if it helps: an account that can be paid isn't given up for one that cannot.
     */
    public static @Nullable ReceiverAccount after(@Nullable ReceiverAccount known, ApplyAccountStatus report) {
        ReceiverAccount reported = of(report, known == null ? null : known.payableSince());
        if (known == null) {
            return reported;
        }
        if (reported.asOf().isBefore(known.asOf())) {
            return null;
        }
        boolean replaces = !reported.accountId().equals(known.accountId());
        return replaces && known.isPayable() && !reported.isPayable() ? null : reported;
    }

    /** Whether transfers may be made to it. */
    public boolean isPayable() {
        return status() == Status.ACTIVE;
    }

    /** Whether the two say the same, whenever they were said. */
    public boolean saysTheSameAs(@Nullable ReceiverAccount other) {
        return other != null && snapshot(asOf).equals(other.snapshot(asOf));
    }

    public AccountSnapshot snapshot() {
        return snapshot(asOf);
    }

    private Status status() {
        return AccountSnapshot.statusOf(detailsSubmitted, transfers);
    }

    private AccountSnapshot snapshot(Instant at) {
        return new AccountSnapshot(
                receiver, accountId, status(), detailsSubmitted, transfers, payoutsEnabled, requirements, at);
    }
}
