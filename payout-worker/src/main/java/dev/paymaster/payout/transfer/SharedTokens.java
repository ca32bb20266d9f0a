package dev.paymaster.payout.transfer;

import dev.paymaster.payout.transfer.DispatchSettings.RateLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

/** The same bucket as that of claims. Thread-safe, in any number of processes. */
final class SharedTokens implements Tokens {
    private static final Logger LOG = LoggerFactory.getLogger(SharedTokens.class);

    private static final String TAKE =
            """
            UPDATE payouts.rate_limit SET tokens = %1$s - 1, refilled_at = clock_timestamp()
            WHERE name = 'stripe' AND %1$s >= 1""".formatted("least(?::float8, " + TokenBucket.REFILLED.formatted("?::float8", "rate_limit") + ")");

    private final JdbcOperations jdbc;
    private final RateLimit limit;

    SharedTokens(JdbcOperations jdbc, RateLimit limit) {
        this.jdbc = jdbc;
        this.limit = limit;
    }

    @Override
    public boolean take() {
        try {
            return jdbc.update(TAKE, limit.burst(), limit.perSecond(), limit.burst(), limit.perSecond()) > 0;
        } catch (DataAccessException e) {
            LOG.warn("no token could be taken: {}", e.toString());
            return false;
        }
    }
}
