/**
 * Ledger entries as they leave this service: one event per entry on the user's key, so that they are a statement.
 * Invoices and administrators' grants share it.
 */
@NullMarked
package dev.paymaster.credit.statement;

import org.jspecify.annotations.NullMarked;
