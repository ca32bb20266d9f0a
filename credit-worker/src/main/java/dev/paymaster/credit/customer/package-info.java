/**
 * Whose customer Stripe bills: links from Stripe's customers to users, from completed checkouts and from invoices.
 * The first link of a customer stands; it also frees the invoices that were parked for want of it.
 */
@NullMarked
package dev.paymaster.credit.customer;

import org.jspecify.annotations.NullMarked;
