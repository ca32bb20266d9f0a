/**
 * Credits that are bought once, outside of a subscription (2): what a checkout says of it. Decisions only.
 */
@NullMarked
package dev.paymaster.credit.topup;

import org.jspecify.annotations.NullMarked;
