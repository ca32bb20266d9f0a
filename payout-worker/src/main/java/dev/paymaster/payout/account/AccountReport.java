package dev.paymaster.payout.account;

import dev.paymaster.events.payout.PayoutCommand.ApplyAccountStatus;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an event of Stripe says of a connected account, before it is known whose it is.
 *
 * @param userId the user that the account names in its metadata; absent when it names none
 * @param transfers state of the capability {@code transfers}
 */
public record AccountReport(
        String accountId,
        @Nullable UUID userId,
        boolean detailsSubmitted,
        @Nullable String transfers,
        boolean payoutsEnabled,
        List<String> requirements,
        Instant asOf) {

    /** Of one that the platform may no longer touch: whatever it could do, it cannot be paid from here. */
    public static AccountReport gone(String accountId, Instant asOf) {
        return new AccountReport(accountId, null, true, "inactive", false, List.of(), asOf);
    }

    /** The command to the account's user. */
    public ApplyAccountStatus about(UUID receiver) {
        return new ApplyAccountStatus(
                receiver, accountId, detailsSubmitted, transfers, payoutsEnabled, requirements, asOf);
    }
}
