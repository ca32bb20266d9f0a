package dev.paymaster.payout.obligation;

import java.time.Instant;
import java.util.Locale;

/** What is to be asked of Stripe next, and when at the earliest. */
public record Plan(Step step, Instant at) {

    public enum Step {
        /** Make the transfer, with the current key. */
        CALL,
        /** See whether the transfer exists. */
        LOOKUP,
        /** Take the transfer back, with the current key of a reversal. */
        REVERSE,
        /** See how much of the transfer has been taken back. */
        INSPECT;

        /** As it stands in the database. */
        public String column() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The step of that name in the database. */
        public static Step of(String column) {
            return valueOf(column.toUpperCase(Locale.ROOT));
        }
    }

    public static Plan call(Instant at) {
        return new Plan(Step.CALL, at);
    }

    public static Plan lookup(Instant at) {
        return new Plan(Step.LOOKUP, at);
    }

    public static Plan reverse(Instant at) {
        return new Plan(Step.REVERSE, at);
    }

    public static Plan inspect(Instant at) {
        return new Plan(Step.INSPECT, at);
    }
}
