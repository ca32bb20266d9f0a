package dev.paymaster.credit.reversal;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an event says of one payment. */
public sealed interface PaymentFact {
    /** {@code pi_…}; {@code ch_…} of a charge without one; {@code in_…} for what came back of an invoice without either. */
    String paymentId();

    /** What it paid for. */
    record Linked(String paymentId, Purchase purchase) implements PaymentFact {}

    /** What its charge said was refunded by that second since 1970, failed refunds not counted. */
    record RefundedInAll(String paymentId, long cents, long seconds) implements PaymentFact {}

    /**
     * Some of it came back, or didn't after all.
     *
     * @param purchase what it came back of, where that is said as well
     * @param outsideCents of a credit note: what of it was given back outside of Stripe
     * @param taken whether the money has left; it isn't so for an inquiry, which may yet become a dispute
     * @param returned whether it has come again: the refund failed, the dispute was won, the credit note was voided
     * @param madeSeconds of a refund: when it was made, in seconds since 1970
     * @param returnedSeconds of a refund: when it failed; {@link #NEVER} while it hasn't, or nobody knows when
     */
    record Reversal(
            String paymentId,
            @Nullable Purchase purchase,
            Kind kind,
            String reversalId,
            long cents,
            long outsideCents,
            boolean taken,
            boolean returned,
            long madeSeconds,
            long returnedSeconds)
            implements PaymentFact {
        /** Later than any time. */
        public static final long NEVER = Long.MAX_VALUE;

        /** One that no sum tells of, too, so that its time doesn't matter. */
        public Reversal(
                String paymentId,
                @Nullable Purchase purchase,
                Kind kind,
                String reversalId,
                long cents,
                boolean taken,
                boolean returned) {
            this(paymentId, purchase, kind, reversalId, cents, 0, taken, returned, 0, NEVER);
        }

        public Reversal {
            if (cents < 0) {
                throw new IllegalArgumentException(reversalId + " has a negative amount");
            }
        }

        /** This one and what another event says of the same. */
        public Reversal and(Reversal other) {
            return new Reversal(
                    paymentId,
                    purchase == null ? other.purchase : purchase,
                    kind,
                    reversalId,
                    Math.max(cents, other.cents),
                    Math.max(outsideCents, other.outsideCents),
                    taken || other.taken,
                    returned || other.returned,
                    Math.max(madeSeconds, other.madeSeconds),
                    Math.min(returnedSeconds, other.returnedSeconds));
        }

        /** Whether it is in the sum that was told at that second; in one of an unknown time, 0, it is. */
        boolean isIn(long seconds) {
            return seconds == 0 || (madeSeconds <= seconds && seconds <= returnedSeconds);
        }

        /** What it keeps away. */
        long heldCents() {
            return taken && !returned ? cents : 0;
        }
    }

    /** How money comes back. */
    enum Kind {
        REFUND,
        DISPUTE,
        /** Without a refund: to the customer's balance, or outside of Stripe. */
        CREDIT_NOTE;

        /** The kind as it is stored. */
        public String column() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Kind ofColumn(String column) {
            return valueOf(column.toUpperCase(Locale.ROOT));
        }
    }
}
