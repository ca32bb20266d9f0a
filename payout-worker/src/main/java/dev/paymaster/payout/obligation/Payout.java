package dev.paymaster.payout.obligation;

import dev.paymaster.events.payout.PayoutStatus;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a payout stands. Immutable; the rules make the next state. */
public sealed interface Payout {
    Owed owed();

    Key key();

    /** To be made, or being made. */
    record Due(Owed owed, Key key, Plan plan, @Nullable String detail) implements Payout {}

    /**
     * Waits for something.
     *
     * @param plan when it is looked at again by itself; absent when only an event or an administrator helps. Never a
     *     call: after a refusal, the next key comes only after a lookup
     */
    record Held(
            Owed owed,
            Key key,
            Reason waitsFor,
            String detail,
            @Nullable Plan plan) implements Payout {
        public Held {
            if (plan != null && plan.step() != Plan.Step.LOOKUP) {
                throw new IllegalArgumentException("a held payout is only looked up");
            }
        }
    }

    /** Stripe has made the transfer. */
    record Paid(Owed owed, Key key, String transferId) implements Payout {}

    /** Refused for good; an administrator may retry. */
    record Failed(Owed owed, Key key, String detail) implements Payout {}

    /** Paid, and taken back. */
    record Reversed(Owed owed, Key key, String transferId, String detail) implements Payout {}

    /** What a held payout waits for. */
    enum Reason {
        ACCOUNT_NOT_ACTIVE,
        INSUFFICIENT_FUNDS;

        /** The stable code in events and tables. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The reason of that code. */
        public static Reason of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }
    }

    /** The code of why a payout has failed. */
    String REFUSED = "refused";

    default PayoutStatus status() {
        return switch (this) {
            case Due _ -> PayoutStatus.DUE;
            case Held _ -> PayoutStatus.HELD;
            case Paid _ -> PayoutStatus.PAID;
            case Failed _ -> PayoutStatus.FAILED;
            case Reversed _ -> PayoutStatus.REVERSED;
        };
    }

    /** Why it waits or failed, as a stable code. */
    default @Nullable String reason() {
        return switch (this) {
            case Held held -> held.waitsFor().code();
            case Failed _ -> REFUSED;
            case Due _, Paid _, Reversed _ -> null;
        };
    }

    /** The same for people. */
    default @Nullable String explanation() {
        return switch (this) {
            case Due due -> due.detail();
            case Held held -> held.detail();
            case Failed failed -> failed.detail();
            case Reversed reversed -> reversed.detail();
            case Paid _ -> null;
        };
    }

    /** What is asked of Stripe next; absent when nothing is. */
    default @Nullable Plan next() {
        return switch (this) {
            case Due due -> due.plan();
            case Held held -> held.plan();
            case Paid _, Failed _, Reversed _ -> null;
        };
    }

    /** The transfer that it was paid with, once it was. */
    default @Nullable String transfer() {
        return switch (this) {
            case Paid paid -> paid.transferId();
            case Reversed reversed -> reversed.transferId();
            case Due _, Held _, Failed _ -> null;
        };
    }
}
