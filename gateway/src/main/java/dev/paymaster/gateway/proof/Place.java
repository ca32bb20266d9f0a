package dev.paymaster.gateway.proof;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a run has come to: Stripe's lists come first, one after the other, then the payouts, and then the users. */
sealed interface Place {
    Place PAYOUTS = new AmongPayouts(new UUID(0, 0));
    Place USERS = new AmongUsers(new UUID(0, 0));

    /** As the caller has it. */
    String cursor();

    /**
     * In one of the lists.
     *
     * @param after the object that the page before ended with; empty: from the newest
     * @param until of transfers: payouts that have been paid since then have been looked for; null: none have
     */
    record AtStripe(StripeList list, String after, @Nullable Instant until) implements Place {
        private static final Pattern CURSOR = Pattern.compile("([a-z]{1,16}):([A-Za-z0-9_]{0,200})(?::([0-9]{1,17}))?");

        AtStripe(StripeList list, String after) {
            this(list, after, null);
        }

        /**
         * The place that a cursor names.
         *
         * @throws IllegalArgumentException when it was not made here
         */
        static AtStripe of(String cursor) {
            Matcher parts = CURSOR.matcher(cursor);
            if (!parts.matches()) {
                throw new IllegalArgumentException("no place in a list of Stripe's");
            }
            StripeList list = StripeList.valueOf(parts.group(1).toUpperCase(Locale.ROOT));
            String micros = parts.group(3);
            return new AtStripe(
                    list,
                    parts.group(2),
                    micros == null ? null : Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS));
        }

        @Override
        public String cursor() {
            return list.word() + ":" + after
                    + (until == null ? "" : ":" + ChronoUnit.MICROS.between(Instant.EPOCH, until));
        }

        /** After a page of it that ended with {@code last}; empty: it was the last one. */
        Place next(String last) {
            return last.isEmpty()
                    ? list.next().<Place>map(next -> new AtStripe(next, "")).orElse(PAYOUTS)
                    : new AtStripe(list, last);
        }

        /** With payouts that have been paid since then looked for. */
        AtStripe withUntil(Instant time) {
            return new AtStripe(list, after, time);
        }
    }

    /** After this payout. */
    record AmongPayouts(UUID after) implements Place {
        private static final String PREFIX = "payouts:";

        static boolean isNamedBy(String cursor) {
            return cursor.startsWith(PREFIX);
        }

        /**
         * The place that a cursor names.
         *
         * @throws IllegalArgumentException when it was not made here
         */
        static AmongPayouts of(String cursor) {
            return new AmongPayouts(UUID.fromString(cursor.substring(PREFIX.length())));
        }

        @Override
        public String cursor() {
            return PREFIX + after;
        }
    }

    /** After this user. */
    record AmongUsers(UUID after) implements Place {
        @Override
        public String cursor() {
            return after.toString();
        }
    }
}
