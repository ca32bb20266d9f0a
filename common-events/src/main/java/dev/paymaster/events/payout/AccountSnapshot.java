package dev.paymaster.events.payout;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A receiver's connected account as far as payouts need it.
 *
 * @param transfers state of Stripe's capability {@code transfers}; payable means {@code active}
 */
public record AccountSnapshot(
        UUID receiver,
        String accountId,
        Status status,
        boolean detailsSubmitted,
        @Nullable String transfers,
        boolean payoutsEnabled,
        List<String> requirements,
        Instant asOf) {

    /** One word for people; in JSON in lower case. */
    public enum Status {
        /** Created, but details are still wanted or under review. */
        PENDING,
        /** Can be paid. */
        ACTIVE,
        /** Details were submitted, and Stripe does not let it be paid. */
        RESTRICTED;

        @JsonValue
        public String json() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The status that follows from what Stripe says: {@code transfers} alone decides on payable. */
    public static Status statusOf(boolean detailsSubmitted, @Nullable String transfers) {
        if ("active".equals(transfers)) {
            return Status.ACTIVE;
        }
        return detailsSubmitted && "inactive".equals(transfers) ? Status.RESTRICTED : Status.PENDING;
    }
}
