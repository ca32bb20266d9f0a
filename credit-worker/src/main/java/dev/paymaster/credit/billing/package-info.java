/**
 * Applies a batch of Stripe's billing facts: links customers, grants what paid invoices entitle to, parks the rest.
 * An invoice counts once, in whatever order and however often Stripe tells of it.
 */
@NullMarked
package dev.paymaster.credit.billing;

import org.jspecify.annotations.NullMarked;
