package dev.paymaster.gateway.reconcile;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lists of Stripe's that are read, newest first. Stripe's events come before what they are about: an event that no endpoint
 * took says more. But of a time in which there was no endpoint, only the objects tell.
 */
enum Catalog {
    /** What some webhook endpoint has not taken. Stripe keeps 30 days of it. */
    EVENTS("/v1/events", "delivery_success=false", null, Duration.ofHours(1)),
    /** What was paid, if it was made within the look-back: Stripe's list doesn't tell when. */
    INVOICES("/v1/invoices", "status=paid", "invoice.paid", null),
    /** What links customers to users, and what packs were bought. */
    SESSIONS("/v1/checkout/sessions", "status=complete", "checkout.session.completed", null),
    /** A refund may fail weeks after it was made. */
    REFUNDS("/v1/refunds", "", "refund.updated", null),
    /** A bank may take months to decide. */
    DISPUTES("/v1/disputes", "", "charge.dispute.updated", Duration.ofDays(120)),
    CREDIT_NOTES("/v1/credit_notes", "", "credit_note.updated", null),
    /** Some of one may be taken back at any time after it was made. */
    TRANSFERS("/v1/transfers", "", "transfer.reversed", null);

    /** The most that Stripe gives at once. */
    private static final String PAGE = "100";

    private final String path;
    private final String filter;
    private final @Nullable String eventType;
    private final @Nullable Duration lookBack;

    Catalog(String path, String filter, @Nullable String eventType, @Nullable Duration lookBack) {
        this.path = path;
        this.filter = filter;
        this.eventType = eventType;
        this.lookBack = lookBack;
    }

    String path() {
        return path;
    }

    String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of event that tells of an object of this list in any of its states; null: they are events themselves. */
    @Nullable
    String eventType() {
        return eventType;
    }

    /** How much older than the newest known one something may be that is news; null: as the settings say. */
    @Nullable
    Duration lookBack() {
        return lookBack;
    }

    /**
     * What to ask for.
     *
     * @param from the oldest that matters, in Stripe's seconds
     * @param after the object that the page before ended with; null: the newest
     */
    Map<String, String> query(long from, @Nullable String after) {
        Map<String, String> query = new LinkedHashMap<>();
        if (!filter.isEmpty()) {
            String[] parts = filter.split("=", 2);
            query.put(parts[0], parts[1]);
        }
        query.put("limit", PAGE);
        query.put("created[gte]", Long.toString(from));
        if (after != null) {
            query.put("starting_after", after);
        }
        return query;
    }
}
