package dev.paymaster.gateway.reconcile;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lists of Stripe's that are read, newest first. */
enum Catalog {
    /** What some webhook endpoint has not taken. Stripe keeps 30 days of it. */
    EVENTS("/v1/events", "delivery_success", "false"),
    /** What was paid, whenever it was made. */
    INVOICES("/v1/invoices", "status", "paid");

    /** The most that Stripe gives at once. */
    private static final String PAGE = "100";

    private final String path;
    private final String filter;
    private final String value;

    Catalog(String path, String filter, String value) {
        this.path = path;
        this.filter = filter;
        this.value = value;
    }

    String path() {
        return path;
    }

    String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * What to ask for.
     *
     * @param from the oldest that matters, in Stripe's seconds
     * @param after the object that the page before ended with; null: the newest
     */
    Map<String, String> query(long from, @Nullable String after) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put(filter, value);
        query.put("limit", PAGE);
        query.put("created[gte]", Long.toString(from));
        if (after != null) {
            query.put("starting_after", after);
        }
        return query;
    }
}
