package dev.paymaster.payout.transfer;

import java.time.Instant;

/**
 * Whoever knows how receivers' accounts stand. Calls block, for a bounded time; an implementation is thread-safe and makes
 * no retries of its own. What goes wrong is an answer, not an exception.
 */
@FunctionalInterface
public interface ConnectedAccounts {
    /**
     * How an account stands.
     *
     * @param asOf the time that the report is to bear: no later than that of the call
     */
    AccountAnswer find(String accountId, Instant asOf);
}
