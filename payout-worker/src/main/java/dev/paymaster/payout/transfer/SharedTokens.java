package dev.paymaster.payout.transfer;

import dev.paymaster.messaging.Failures;
import dev.paymaster.payout.transfer.DispatchSettings.RateLimit;
import java.util.concurrent.Semaphore;
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
    /** All want the same row, and each a connection while it waits: the consumers need theirs. */
    private final Semaphore asking = new Semaphore(1);

    SharedTokens(JdbcOperations jdbc, RateLimit limit) {
        this.jdbc = jdbc;
        this.limit = limit;
    }

    @Override
    public boolean take() {
        if (!asking.tryAcquire()) {
            return false;
        }
        try {
            return jdbc.update(TAKE, limit.burst(), limit.perSecond(), limit.burst(), limit.perSecond()) > 0;
        } catch (DataAccessException e) {
            LOG.warn("no token could be taken: {}", Failures.withCause(e));
            return false;
        } finally {
            asking.release();
        }
    }
}
