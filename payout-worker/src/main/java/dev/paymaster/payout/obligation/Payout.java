package dev.paymaster.payout.obligation;

import dev.paymaster.events.payout.PayoutStatus;
import java.time.Instant;
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

    /**
     * Stripe has made the transfer.
     *
     * @param refusal why Stripe would not take it back when an administrator last wanted that
     */
    record Paid(Owed owed, Key key, Made made, @Nullable String refusal) implements Payout {
        public Paid(Owed owed, Key key, Made made) {
            this(owed, key, made, null);
        }

        public Paid(Owed owed, Key key, String transferId) {
            this(owed, key, Made.of(transferId));
        }
    }

    /**
     * Paid, and an administrator wants it back.
     *
     * @param refused whether Stripe has refused the latest call; then the transfer is only looked at
     * @param detail why it is wanted back, or why Stripe has refused
     */
    record Recalled(Owed owed, Key key, Made made, boolean refused, String detail, Plan plan) implements Payout {
        public Recalled {
            if (plan.step() != Plan.Step.INSPECT && (refused || plan.step() != Plan.Step.REVERSE)) {
                throw new IllegalArgumentException("not a step of a reversal: " + plan);
            }
        }
    }

    /** Refused for good; an administrator may retry. */
    record Failed(Owed owed, Key key, String detail) implements Payout {}

    /** Paid, and wholly taken back. */
    record Reversed(Owed owed, Key key, String transferId, String detail) implements Payout {}

    /** What a held payout waits for. */
    enum Reason {
        ACCOUNT_NOT_ACTIVE,
        INSUFFICIENT_FUNDS,
        NEW_RECEIVER,
        BATCHED,
        REVENUE_CAP;

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

    /** The code of one that an administrator wants back. */
    String REVERSAL_REQUESTED = "reversal_requested";

    /** The code of one that Stripe would not take back. */
    String REVERSAL_REFUSED = "reversal_refused";

    default PayoutStatus status() {
        return switch (this) {
            case Due _ -> PayoutStatus.DUE;
            case Held _ -> PayoutStatus.HELD;
            case Paid _, Recalled _ -> PayoutStatus.PAID;
            case Failed _ -> PayoutStatus.FAILED;
            case Reversed _ -> PayoutStatus.REVERSED;
        };
    }

    /** Why it waits or failed, or that it is wanted back, as a stable code. */
    default @Nullable String reason() {
        return switch (this) {
            case Held held -> held.waitsFor().code();
            case Failed _ -> REFUSED;
            case Recalled recalled -> recalled.refused() ? REVERSAL_REFUSED : REVERSAL_REQUESTED;
            case Paid paid -> paid.refusal() == null ? null : REVERSAL_REFUSED;
            case Due _, Reversed _ -> null;
        };
    }

    /** The same for people. */
    default @Nullable String explanation() {
        return switch (this) {
            case Due due -> due.detail();
            case Held held -> held.detail();
            case Failed failed -> failed.detail();
            case Reversed reversed -> reversed.detail();
            case Recalled recalled -> recalled.detail();
            case Paid paid -> paid.refusal();
        };
    }

    /** What is asked of Stripe next; absent when nothing is. */
    default @Nullable Plan next() {
        return switch (this) {
            case Due due -> due.plan();
            case Held held -> held.plan();
            case Recalled recalled -> recalled.plan();
            case Paid _, Failed _, Reversed _ -> null;
        };
    }

    /** When one that is held because its receiver is new is to be made; absent for all others. */
    default @Nullable Instant releaseAt() {
        return this instanceof Held held && held.waitsFor() == Reason.NEW_RECEIVER && held.plan() != null
                ? held.plan().at()
                : null;
    }

    /** The transfer that it was paid with, once it was. */
    default @Nullable String transfer() {
        Made made = made();
        return made == null ? null : made.transferId();
    }

    /** The same with how much of it has been taken back. */
    default @Nullable Made made() {
        return switch (this) {
            case Paid paid -> paid.made();
            case Recalled recalled -> recalled.made();
            case Reversed reversed ->
                new Made(reversed.transferId(), reversed.owed().amountCents());
            case Due _, Held _, Failed _ -> null;
        };
    }
}
