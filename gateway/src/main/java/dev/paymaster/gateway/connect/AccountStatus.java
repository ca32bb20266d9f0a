package dev.paymaster.gateway.connect;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.paymaster.events.payout.AccountSnapshot;
import dev.paymaster.events.payout.PayoutCommand.ApplyAccountStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a receiver's account stands.
 *
 * @param status {@code not_connected}, {@code pending}, {@code active} or {@code restricted}
 * @param transfers state of Stripe's capability; {@code active} alone means that payouts are made
 * @param requirements what Stripe still wants to know, as Stripe names it
 * @param asOf when Stripe said so
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record AccountStatus(
        String status,
        @Nullable String accountId,
        boolean detailsSubmitted,
        @Nullable String transfers,
        boolean payoutsEnabled,
        List<String> requirements,
        @Nullable Instant asOf) {

    static AccountStatus notConnected() {
        return new AccountStatus("not_connected", null, false, null, false, List.of(), null);
    }

    static AccountStatus of(ApplyAccountStatus report) {
        return new AccountStatus(
                AccountSnapshot.statusOf(report.detailsSubmitted(), report.transfers())
                        .json(),
                report.accountId(),
                report.detailsSubmitted(),
                report.transfers(),
                report.payoutsEnabled(),
                report.requirements(),
                report.asOf());
    }

    boolean isActive() {
        return status.equals("active");
    }
}
