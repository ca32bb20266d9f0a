package dev.paymaster.gateway.proof;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The lists of Stripe's that are compared, in this order, each newest first. */
enum StripeList {
    TRANSFERS("/v1/transfers", "", 0),
    INVOICES("/v1/invoices", "paid", 0),
    SESSIONS("/v1/checkout/sessions", "complete", 0),
    REFUNDS("/v1/refunds", "", 0),
    /** A bank may take months to decide. */
    DISPUTES("/v1/disputes", "", 120);

    /** The most that Stripe gives at once. */
    private static final String PAGE = "100";

    private final String path;
    private final String status;
    private final Duration longest;

    /** @param days after which something of it may still change, in the course of things, if that is more than usual */
    StripeList(String path, String status, int days) {
        this.path = path;
        this.status = status;
        this.longest = Duration.ofDays(days);
    }

    String path() {
        return path;
    }

    /** How much older than what was in order before something of it is looked at again. */
    Duration lookBack(Duration usual) {
        return longest.compareTo(usual) > 0 ? longest : usual;
    }

    /** As cursors name it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * What a page is asked for with.
     *
     * @param after the object that the page before ended with; empty: from the newest
     * @param since what Stripe made before is left out, in its seconds; 0: nothing is
     */
    Map<String, String> query(String after, long since) {
        Map<String, String> query = new LinkedHashMap<>();
        if (!status.isEmpty()) {
            query.put("status", status);
        }
        query.put("limit", PAGE);
        if (since > 0) {
            query.put("created[gte]", Long.toString(since));
        }
        if (!after.isEmpty()) {
            query.put("starting_after", after);
        }
        return query;
    }

    Optional<StripeList> next() {
        return switch (this) {
            case TRANSFERS -> Optional.of(INVOICES);
            case INVOICES -> Optional.of(SESSIONS);
            case SESSIONS -> Optional.of(REFUNDS);
            case REFUNDS -> Optional.of(DISPUTES);
            case DISPUTES -> Optional.empty();
        };
    }
}
