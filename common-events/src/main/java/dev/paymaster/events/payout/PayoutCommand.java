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
 * What can be asked of payout-worker. All but {@link RetryPayout} and {@link ReversePayout} are written by Paymaster's own
 * services and are harmless when repeated: a job has at most one payout, and an outcome counts once.
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
     * What came of one call to Stripe, and of its immediate repetition if there was one.
     *
     * @param attempt the number in the idempotency key that the call used; an outcome of another attempt than the
     *     payout's current one counts only when it says paid
     * @param transferId with {@link Outcome#PAID}
     * @param detail what Stripe said, for people
     * @param reversedCents how much of the transfer has been taken back by then; absent: nothing is known of that
     * @param calledAt when Stripe was called first, by the caller's clock; absent: no call was made for this, or an older
     *     version tells it
     * @param calls how many calls were made; absent: one at most
     */
    record ApplyTransferOutcome(
            UUID receiver,
            UUID payoutId,
            int attempt,
            Outcome outcome,
            @Nullable String transferId,
            String detail,
            Instant at,
            @Nullable Long reversedCents,
            @Nullable Instant calledAt,
            @Nullable Integer calls)
            implements PayoutCommand {
        /** An outcome that says nothing of reversals, and of no call. */
        public ApplyTransferOutcome(
                UUID receiver,
                UUID payoutId,
                int attempt,
                Outcome outcome,
                @Nullable String transferId,
                String detail,
                Instant at) {
            this(receiver, payoutId, attempt, outcome, transferId, detail, at, null, null, null);
        }

        public ApplyTransferOutcome {
            Objects.requireNonNull(receiver, "receiver is missing");
            Objects.requireNonNull(payoutId, "payout_id is missing");
            Objects.requireNonNull(outcome, "outcome is missing");
            Objects.requireNonNull(detail, "detail is missing");
            Objects.requireNonNull(at, "at is missing");
            if ((outcome == Outcome.PAID) != (transferId != null)) {
                throw new IllegalArgumentException("transfer_id goes with a paid outcome, and only with it");
            }
            if (calls != null && calls <= 0) {
                throw new IllegalArgumentException("calls must be positive");
            }
        }
    }

    /**
     * A payout that waited until its sender's lots had brought in enough need wait no longer: what it takes of that is set
     * aside for it. It changes nothing once the payout has gone on.
     */
    record ApplyRevenue(UUID receiver, UUID payoutId) implements PayoutCommand {
        public ApplyRevenue {
            Objects.requireNonNull(receiver, "receiver is missing");
            Objects.requireNonNull(payoutId, "payout_id is missing");
        }
    }

    /**
     * So much of a transfer has been taken back, whoever did it. Cumulative: the largest amount counts, in whatever order
     * and however often it is told.
     */
    record ApplyReversal(UUID receiver, UUID payoutId, String transferId, long reversedCents, Instant at)
            implements PayoutCommand {
        public ApplyReversal {
            Objects.requireNonNull(receiver, "receiver is missing");
            Objects.requireNonNull(payoutId, "payout_id is missing");
            Text.require("transfer_id", transferId, Text.MAX_LINE);
            Objects.requireNonNull(at, "at is missing");
            if (reversedCents <= 0) {
                throw new IllegalArgumentException("reversed_cents must be positive");
            }
        }
    }

    /**
     * What came of one call with which a transfer was to be taken back, or of a look at it, and of its immediate repetition if
     * there was one.
     *
     * @param number the number in the idempotency key that the call used
     * @param outcome {@link Outcome#PAID} says how the transfer stands now; all others say that this isn't known
     * @param reversedCents with {@link Outcome#PAID}: how much of it has been taken back
     * @param detail what Stripe said, for people
     * @param calledAt when Stripe was called first, by the caller's clock; absent: no call was made, or an older version
     *     tells it
     * @param calls how many calls were made; absent: one at most
     */
    record ApplyReversalOutcome(
            UUID receiver,
            UUID payoutId,
            int number,
            String transferId,
            Outcome outcome,
            @Nullable Long reversedCents,
            String detail,
            Instant at,
            @Nullable Instant calledAt,
            @Nullable Integer calls)
            implements PayoutCommand {
        public ApplyReversalOutcome {
            Objects.requireNonNull(receiver, "receiver is missing");
            Objects.requireNonNull(payoutId, "payout_id is missing");
            Text.require("transfer_id", transferId, Text.MAX_LINE);
            Objects.requireNonNull(outcome, "outcome is missing");
            Objects.requireNonNull(detail, "detail is missing");
            Objects.requireNonNull(at, "at is missing");
            if ((outcome == Outcome.PAID) != (reversedCents != null)) {
                throw new IllegalArgumentException("reversed_cents goes with a paid outcome, and only with it");
            }
            if (calls != null && calls <= 0) {
                throw new IllegalArgumentException("calls must be positive");
            }
        }
    }

    /**
     * An administrator wants a failed or held payout to be tried now, or one whose transfer was wholly taken back to be
     * paid once more.
     */
    record RetryPayout(UUID receiver, UUID payoutId) implements PayoutCommand {
        public RetryPayout {
            Objects.requireNonNull(receiver, "receiver is missing");
            Objects.requireNonNull(payoutId, "payout_id is missing");
        }
    }

    /** Money has come to the platform's balance: what its lack held up is tried at once. */
    record ApplyFunds(UUID receiver, Instant at) implements PayoutCommand {
        public ApplyFunds {
            Objects.requireNonNull(receiver, "receiver is missing");
            Objects.requireNonNull(at, "at is missing");
        }
    }

    /** What is held until the receiver's account can be paid goes on, if it can be: there was too much of it for one go. */
    record ReleasePayouts(UUID receiver) implements PayoutCommand {
        public ReleasePayouts {
            Objects.requireNonNull(receiver, "receiver is missing");
        }
    }

    /** An administrator wants to have back what a payout's transfer has paid. */
    record ReversePayout(UUID receiver, UUID payoutId, String reason) implements PayoutCommand {
        public ReversePayout {
            Objects.requireNonNull(receiver, "receiver is missing");
            Objects.requireNonNull(payoutId, "payout_id is missing");
            Text.require("reason", reason, Text.MAX_LINE);
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
