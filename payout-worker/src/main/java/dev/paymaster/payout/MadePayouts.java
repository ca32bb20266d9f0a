package dev.paymaster.payout;

import dev.paymaster.events.payout.PayoutCommand.ApplyReversal;
import dev.paymaster.messaging.AfterCommit;
import dev.paymaster.payout.recovery.TransferReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out which payouts transfers have made. Thread-safe. */
final class MadePayouts {
    private static final Logger LOG = LoggerFactory.getLogger(MadePayouts.class);

    private final Payouts payouts;
    private final Counter strangers;

    MadePayouts(Payouts payouts, MeterRegistry meters) {
        this.payouts = payouts;
        this.strangers = Counter.builder("paymaster.transfers.unknown")
                .description("Reversed transfers that made no known payout")
                .register(meters);
    }

    /** The payouts of a batch's reports, looked up in one query in the caller's transaction. */
    Known knownOf(Collection<TransferReport> reports) {
        Set<String> ids = reports.stream().map(TransferReport::transferId).collect(Collectors.toSet());
        return new Known(ids.isEmpty() ? Map.of() : payouts.madeBy(ids));
    }

    /** Whoever is owed something that the platform's balance was too short for, those who wait longest first. */
    List<UUID> waitingForFunds() {
        return payouts.receiversWaitingForFunds();
    }

    /** Transfers and their payouts. */
    final class Known {
        private final Map<String, TransferReport.Target> targets;

        private Known(Map<String, TransferReport.Target> targets) {
            this.targets = targets;
        }

        /**
         * The command to the payout's receiver: to the payout that is known to be made by it, else to the one that the
         * transfer names, because the reversal may be told of before the transfer. Null, and counted after the commit,
         * when it is neither.
         */
        @Nullable
        ApplyReversal command(TransferReport report) {
            TransferReport.Target known = targets.get(report.transferId());
            TransferReport.Target target = known == null ? report.named() : known;
            if (target == null) {
                AfterCommit.run(strangers::increment);
                LOG.info("transfer {} made no known payout; its reversal is passed over", report.transferId());
                return null;
            }
            return report.about(target);
        }
    }
}
