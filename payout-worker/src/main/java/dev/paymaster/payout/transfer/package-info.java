/**
 * (6) Making transfers: due payouts are claimed under the rate limit that all workers share, Stripe is called outside
 * every transaction, and what came of it is published as a command. What Stripe is hides behind one port.
 */
@NullMarked
package dev.paymaster.payout.transfer;

import org.jspecify.annotations.NullMarked;
