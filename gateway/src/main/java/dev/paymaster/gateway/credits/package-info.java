/**
 * Balances, statements and manual grants over HTTP.
 * What is read comes from the ledger's views; grants are commands to credit-worker.
 */
@NullMarked
package dev.paymaster.gateway.credits;

import org.jspecify.annotations.NullMarked;
