package dev.paymaster.gateway.connect;

import dev.paymaster.events.payout.PayoutCommand.ApplyAccountStatus;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What Stripe says of an account when it is asked.
 *
 * @param asOf in whole seconds, like the events that tell the same
 */
record AccountReport(
        String accountId,
        boolean detailsSubmitted,
        @Nullable String transfers,
        boolean payoutsEnabled,
        List<String> requirements,
        Instant asOf) {

    ApplyAccountStatus toCommand(UUID receiver) {
        return new ApplyAccountStatus(
                receiver, accountId, detailsSubmitted, transfers, payoutsEnabled, requirements, asOf);
    }
}
