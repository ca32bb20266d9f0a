/**
 * Payouts over HTTP: what is owed or paid, why it waits, and retrying it.
 * What is read comes from payout-worker's views; a retry is a command to it.
 */
@NullMarked
package dev.paymaster.gateway.payouts;

import org.jspecify.annotations.NullMarked;
