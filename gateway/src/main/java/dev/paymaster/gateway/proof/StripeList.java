package dev.paymaster.gateway.proof;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The lists of Stripe's that are compared, in this order, each newest first. */
enum StripeList {
    TRANSFERS("/v1/transfers", ""),
    INVOICES("/v1/invoices", "paid"),
    SESSIONS("/v1/checkout/sessions", "complete"),
    REFUNDS("/v1/refunds", ""),
    DISPUTES("/v1/disputes", "");

    /** The most that Stripe gives at once. */
    private static final String PAGE = "100";

    private final String path;
    private final String status;

    StripeList(String path, String status) {
        this.path = path;
        this.status = status;
    }

    String path() {
        return path;
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
