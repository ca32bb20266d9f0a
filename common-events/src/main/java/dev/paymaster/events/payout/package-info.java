/**
 * What can be asked of payout-worker, and what happened to payouts and receivers' accounts.
 * Every change of a payout goes through one partition, keyed by its receiver, so its events keep their order.
 */
@NullMarked
package dev.paymaster.events.payout;

import org.jspecify.annotations.NullMarked;
