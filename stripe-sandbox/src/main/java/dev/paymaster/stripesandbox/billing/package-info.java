/**
 * Money coming in: customers, prices, Checkout, subscriptions, their invoices and payments, the platform's balance.
 * Pages and control requests go the same way through here as API calls.
 */
@NullMarked
package dev.paymaster.stripesandbox.billing;

import org.jspecify.annotations.NullMarked;
