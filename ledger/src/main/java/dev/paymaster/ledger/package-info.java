/**
 * Credits: accounts, the lots they come from, and the transfers that moved them.
 * This is the one write path to balances; its decisions are pure, and its store applies a whole batch of them at once.
 */
@NullMarked
package dev.paymaster.ledger;

import org.jspecify.annotations.NullMarked;
