/**
 * Statements over whole batches: one array per column, one round trip per table.
 * Services that write their own tables beside the ledger use it too.
 */
@NullMarked
package dev.paymaster.ledger.sql;

import org.jspecify.annotations.NullMarked;
