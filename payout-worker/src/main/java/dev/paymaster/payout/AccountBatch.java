package dev.paymaster.payout;

import dev.paymaster.events.payout.PayoutCommand.ApplyAccountStatus;
import dev.paymaster.payout.account.ReceiverAccount;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The accounts that one batch of commands touches, in memory until {@link #save()}. For one thread and one transaction. */
final class AccountBatch {
    private final Accounts accounts;
    private final Map<UUID, ReceiverAccount> known;
    private final Map<UUID, ReceiverAccount> changed = new LinkedHashMap<>();

    AccountBatch(Accounts accounts, Map<UUID, ReceiverAccount> known) {
        this.accounts = accounts;
        this.known = known;
    }

    /** Whether a receiver's account is active as far as is known. */
    boolean isPayable(UUID receiver) {
        ReceiverAccount account = known.get(receiver);
        return account != null && account.isPayable();
    }

    /** Until when a receiver counts as new, if new ones are held for so long; null for one who can't be paid. */
    @Nullable
    Instant releaseAt(UUID receiver, Duration hold) {
        ReceiverAccount account = known.get(receiver);
        Instant since = account == null ? null : account.payableSince();
        return since == null ? null : since.plus(hold);
    }

    /**
     * What a report has taught.
     *
     * @param account the account as it is known now
     * @param news whether it says anything but the time that wasn't known before
     */
    record Learnt(ReceiverAccount account, boolean news) {}

    /** Takes note of a report; returns null when it is out of date. */
    @Nullable
    Learnt apply(ApplyAccountStatus report, Instant now) {
        ReceiverAccount before = known.get(report.receiver());
        ReceiverAccount after = ReceiverAccount.after(before, notOfTheFuture(report, before, now));
        if (after == null) {
            return null;
        }
        if (!after.equals(before)) {
            known.put(report.receiver(), after);
            changed.put(report.receiver(), after);
        }
        return new Learnt(after, !after.saysTheSameAs(before));
    }

    /** A teller whose clock is ahead has the last word, and must not silence what is told after it. */
    private static ApplyAccountStatus notOfTheFuture(
            ApplyAccountStatus report, @Nullable ReceiverAccount before, Instant now) {
        if (!report.asOf().isAfter(now)) {
            return report;
        }
        Instant latest = now.truncatedTo(ChronoUnit.SECONDS);
        return report.withAsOf(before != null && before.asOf().isAfter(latest) ? before.asOf() : latest);
    }

    /** Writes what has changed, in one statement. */
    void save() {
        if (!changed.isEmpty()) {
            accounts.save(changed.values());
        }
    }
}
