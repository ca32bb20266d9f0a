package dev.paymaster.events.payout;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.paymaster.events.Text;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of payout-worker. All but {@link RetryPayout} are written by Paymaster's own services and are
 * harmless when repeated: a job has at most one payout, and an outcome counts once.
 */
public sealed interface PayoutCommand {
    /** The user who is paid; the record's key. */
    UUID receiver();

    /** A verified job owes its receiver money. A second one for the same job changes nothing. */
    record SchedulePayout(UUID receiver, UUID jobId, UUID sender, long amountCents) implements PayoutCommand {
        public SchedulePayout {
            Objects.requireNonNull(receiver, "receiver is missing");
            Objects.requireNonNull(jobId, "job_id is missing");
            Objects.requireNonNull(sender, "sender is missing");
            if (amountCents <= 0) {
                throw new IllegalArgumentException("amount_cents must be positive");
            }
        }
    }

    /**
     * What Stripe says of a receiver's connected account. The newest {@code asOf} wins, whatever the order of arrival.
     *
     * @param transfers state of the capability {@code transfers}: {@code active} means payable, and nothing else does
     * @param requirements what Stripe still wants to know, as Stripe names it
     * @param asOf when Stripe said so
     */
    record ApplyAccountStatus(
            UUID receiver,
            String accountId,
            boolean detailsSubmitted,
            @Nullable String transfers,
            boolean payoutsEnabled,
            List<String> requirements,
            Instant asOf)
            implements PayoutCommand {
        public ApplyAccountStatus {
            Objects.requireNonNull(receiver, "receiver is missing");
            Text.require("account_id", accountId, Text.MAX_LINE);
            Text.allow("transfers", transfers, Text.MAX_LINE);
            Objects.requireNonNull(asOf, "as_of is missing");
            requirements = List.copyOf(requirements);
        }

        /** The same, said at another time. */
        public ApplyAccountStatus withAsOf(Instant time) {
            return new ApplyAccountStatus(
                    receiver, accountId, detailsSubmitted, transfers, payoutsEnabled, requirements, time);
        }
    }

    /**
     * What came of one call to Stripe.
     *
     * @param attempt the number in the idempotency key that the call used; an outcome of another attempt than the
     *     payout's current one counts only when it says paid
     * @param transferId with {@link Outcome#PAID}
     * @param detail what Stripe said, for people
     */
    record ApplyTransferOutcome(
            UUID receiver,
            UUID payoutId,
            int attempt,
            Outcome outcome,
            @Nullable String transferId,
            String detail,
            Instant at)
            implements PayoutCommand {
        public ApplyTransferOutcome {
            Objects.requireNonNull(receiver, "receiver is missing");
            Objects.requireNonNull(payoutId, "payout_id is missing");
            Objects.requireNonNull(outcome, "outcome is missing");
            Objects.requireNonNull(detail, "detail is missing");
            Objects.requireNonNull(at, "at is missing");
            if ((outcome == Outcome.PAID) != (transferId != null)) {
                throw new IllegalArgumentException("transfer_id goes with a paid outcome, and only with it");
            }
        }
    }

    /** An administrator wants a failed or held payout to be tried now. */
    record RetryPayout(UUID receiver, UUID payoutId) implements PayoutCommand {
        public RetryPayout {
            Objects.requireNonNull(receiver, "receiver is missing");
            Objects.requireNonNull(payoutId, "payout_id is missing");
        }
    }

    /** What an answer of Stripe, or the lack of one, means for the money; in JSON in lower case. */
    enum Outcome {
        /** The transfer exists. */
        PAID,
        /** Nobody knows: a time-out, a dropped connection, a 5xx, an unreadable body. The same key must be used again. */
        UNKNOWN,
        /** Not now, and nothing is said about an earlier attempt: 409, 429. The same key must be used again. */
        NOT_YET,
        /** Looked up: no transfer exists for this payout. A new key may be used. */
        ABSENT,
        /** Definitely not made: the platform's balance is short. */
        INSUFFICIENT_FUNDS,
        /** Definitely not made: the receiver's account cannot take it. */
        NOT_PAYABLE,
        /** Definitely not made, and trying again by itself will not help. */
        REFUSED;

        @JsonValue
        public String json() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
