/**
 * The payout worker: verified jobs become Stripe transfers, each exactly once. Its packages follow the money: what is
 * owed (5), making the transfer (6), and finding out what came of it (7).
 */
@NullMarked
package dev.paymaster.payout;

import org.jspecify.annotations.NullMarked;
