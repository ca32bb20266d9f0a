package dev.paymaster.payout.transfer;

/**
 * The bucket that all workers take a token from for each call to Stripe, as parts of a statement that has {@code setting}
 * with rate, burst and most, and {@code queue} with a row for each call.
 */
final class TokenBucket {
    /** What there is by now, and more than fits in: of a rate and a row of {@code rate_limit}. */
    static final String REFILLED =
            "%2$s.tokens + %1$s * greatest(0, extract(epoch FROM clock_timestamp() - %2$s.refilled_at))";

    /** How long {@code queue} may be. */
    static final String LIMIT = "LIMIT coalesce((SELECT least(s.most, floor(b.tokens)) FROM bucket b, setting s), 0)";

    /** Takes the tokens. A clock that has gone back is followed, or there would be none until it has caught up. */
    static final String SPENT = """
            spent AS (
                UPDATE payouts.rate_limit r SET tokens = b.tokens - q.count, refilled_at = b.at
                FROM bucket b, (SELECT count(*) FROM queue) q
                WHERE r.name = b.name AND (q.count > 0 OR r.refilled_at > b.at)
            )""";

    private TokenBucket() {}

    /** Locks and refills the bucket, only if the query finds something, so that idle polls write nothing. */
    static String refilledIf(String query) {
        return """
                bucket AS (
                    SELECT b.name, clock_timestamp() AS at,
                           least(s.burst, %s) AS tokens
                    FROM payouts.rate_limit b, setting s
                    WHERE b.name = 'stripe' AND EXISTS (%s)
                    FOR UPDATE OF b
                )""".formatted(REFILLED.formatted("s.rate", "b"), query);
    }
}
