package dev.paymaster.gateway.proof;

import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a run has come to: Stripe's lists come first, one after the other, and then the users. */
sealed interface Place {
    Place USERS = new AmongUsers(new UUID(0, 0));

    /** As the caller has it. */
    String cursor();

    /**
     * In one of the lists.
     *
     * @param after the object that the page before ended with; empty: from the newest
     */
    record AtStripe(StripeList list, String after) implements Place {
        private static final Pattern CURSOR = Pattern.compile("([a-z]{1,16}):([A-Za-z0-9_]{0,200})");

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
            return new AtStripe(StripeList.valueOf(parts.group(1).toUpperCase(Locale.ROOT)), parts.group(2));
        }

        @Override
        public String cursor() {
            return list.word() + ":" + after;
        }

        /** After a page of it that ended with {@code last}; empty: it was the last one. */
        Place next(String last) {
            return last.isEmpty()
                    ? list.next().<Place>map(next -> new AtStripe(next, "")).orElse(USERS)
                    : new AtStripe(list, last);
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
