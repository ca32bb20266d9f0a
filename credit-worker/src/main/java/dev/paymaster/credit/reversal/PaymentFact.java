package dev.paymaster.credit.reversal;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an event says of one payment. */
public sealed interface PaymentFact {
    /** {@code pi_…}; {@code ch_…} of a charge without one; {@code in_…} for what came back of an invoice without either. */
    String paymentId();

    /** What it paid for. */
    record Linked(String paymentId, Purchase purchase) implements PaymentFact {}

    /** What its charge says was refunded by now, failed refunds not counted. */
    record RefundedInAll(String paymentId, long cents) implements PaymentFact {}

    /**
     * Some of it came back, or didn't after all.
     *
     * @param purchase what it came back of, where that is said as well
     * @param taken whether the money has left; it isn't so for an inquiry, which may yet become a dispute
     * @param returned whether it has come again: the refund failed, the dispute was won, the credit note was voided
     */
    record Reversal(
            String paymentId,
            @Nullable Purchase purchase,
            Kind kind,
            String reversalId,
            long cents,
            boolean taken,
            boolean returned)
            implements PaymentFact {
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
                    taken || other.taken,
                    returned || other.returned);
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
