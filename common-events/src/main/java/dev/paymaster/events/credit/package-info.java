/**
 * What can be asked of the credit ledger, and its entries as they are made.
 * One event is one entry of one account, so an account's events are its statement.
 */
@NullMarked
package dev.paymaster.events.credit;

import org.jspecify.annotations.NullMarked;
