package dev.paymaster.payout;

import dev.paymaster.events.payout.PayoutCommand.ApplyAccountStatus;
import dev.paymaster.messaging.AfterCommit;
import dev.paymaster.payout.account.AccountReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out whose accounts reports are about. Thread-safe. */
final class Receivers {
    private static final Logger LOG = LoggerFactory.getLogger(Receivers.class);

    private final Accounts accounts;
    private final Counter strangers;

    Receivers(Accounts accounts, MeterRegistry meters) {
        this.accounts = accounts;
        this.strangers = Counter.builder("paymaster.accounts.unknown")
                .description("Events of connected accounts that belong to no known user")
                .register(meters);
    }

    /** The receivers of a batch's reports, looked up in one query in the caller's transaction. */
    Known knownOf(Collection<AccountReport> reports) {
        Set<String> ids = reports.stream().map(AccountReport::accountId).collect(Collectors.toSet());
        return new Known(ids.isEmpty() ? Map.of() : accounts.receiversOf(ids));
    }

    /** Accounts and their users. */
    final class Known {
        private final Map<String, UUID> receivers;

        private Known(Map<String, UUID> receivers) {
            this.receivers = receivers;
        }

        /** The command to the account's receiver; null, and counted after the commit, when the account is nobody's. */
        @Nullable
        ApplyAccountStatus command(AccountReport report) {
            UUID known = receivers.get(report.accountId());
            UUID receiver = known == null ? report.userId() : known;
            if (receiver == null) {
                AfterCommit.run(strangers::increment);
                LOG.info("account {} belongs to no known user; its event is passed over", report.accountId());
                return null;
            }
            return report.about(receiver);
        }
    }
}
