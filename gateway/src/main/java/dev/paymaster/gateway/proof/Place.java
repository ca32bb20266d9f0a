package dev.paymaster.gateway.proof;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
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
     * A way through one of the lists, from the newest back.
     *
     * @param since what Stripe made before is left out, in its seconds; 0: nothing is
     * @param upto what Stripe made before has been looked at when the way ends; null: it can't become the mark,
     *     because something was wrong, or its beginning isn't known
     */
    record Sweep(long since, @Nullable Long upto) {
        /** Of one about whose beginning nothing is known. */
        static final Sweep UNKNOWN = new Sweep(0, null);

        private static Sweep of(String since, String upto) {
            return new Sweep(Long.parseLong(since), upto.isEmpty() ? null : Long.valueOf(upto));
        }

        /** After these were found on it. */
        Sweep with(List<Difference> differences) {
            return differences.isEmpty() ? this : new Sweep(since, null);
        }

        private String cursor() {
            return since + "-" + (upto == null ? "" : upto);
        }
    }

    /**
     * In one of the lists.
     *
     * @param after the object that the page before ended with; empty: from the newest
     * @param until of transfers: payouts that have been paid since then have been looked for; null: none have
     * @param sweep null: it hasn't begun
     */
    record AtStripe(
            StripeList list,
            String after,
            @Nullable Instant until,
            @Nullable Sweep sweep) implements Place {
        private static final Pattern CURSOR = Pattern.compile(
                "([a-z]{1,16}):([A-Za-z0-9_]{0,200})(?::([0-9]{1,17}))?(?::([0-9]{1,11})-([0-9]{0,11}))?");

        AtStripe(StripeList list) {
            this(list, "", null, null);
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
            String since = parts.group(4);
            return new AtStripe(
                    list,
                    parts.group(2),
                    micros == null ? null : Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS),
                    since == null ? null : Sweep.of(since, parts.group(5)));
        }

        @Override
        public String cursor() {
            return list.word() + ":" + after
                    + (until == null ? "" : ":" + ChronoUnit.MICROS.between(Instant.EPOCH, until))
                    + (sweep == null ? "" : ":" + sweep.cursor());
        }

        /** When the list is at its end. */
        Place next() {
            return list.next().<Place>map(AtStripe::new).orElse(PAYOUTS);
        }

        /** Further on in the list. */
        AtStripe after(String last, @Nullable Instant looked) {
            return new AtStripe(list, last, looked, sweep);
        }

        AtStripe in(Sweep some) {
            return new AtStripe(list, after, until, some);
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
