package dev.paymaster.gateway.money;

import dev.paymaster.gateway.users.Caller;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who looks at a job's money, and so what is shown of it.
 *
 * <table>
 * <caption>What is shown</caption>
 * <tr><th></th><th>administrator</th><th>sender</th><th>receiver</th></tr>
 * <tr><td>what bought the credits (invoice, top-up, grant)</td><td>all</td><td>all</td><td>nothing</td></tr>
 * <tr><td>hold, capture, release</td><td>by lot</td><td>by lot</td><td>the sum</td></tr>
 * <tr><td>repayment of debt out of a release</td><td>all</td><td>all</td><td>nothing</td></tr>
 * <tr><td>payout</td><td>all</td><td>without its reason</td><td>all</td></tr>
 * <tr><td>transfer, reversal</td><td>all</td><td>without Stripe's ids</td><td>all</td></tr>
 * </table>
 */
enum Viewer {
    ADMIN,
    SENDER,
    RECEIVER;

    /** Empty for whoever has nothing to do with the job. */
    static Optional<Viewer> of(Caller caller, UUID sender, @Nullable UUID receiver) {
        if (caller.admin()) {
            return Optional.of(ADMIN);
        }
        if (caller.id().equals(sender)) {
            return Optional.of(SENDER);
        }
        return caller.id().equals(receiver) ? Optional.of(RECEIVER) : Optional.empty();
    }
}
