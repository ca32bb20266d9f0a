/**
 * Money comes back (2b): what refunds, disputes and credit notes say, and how many credits follow from it. Decisions only:
 * the same facts lead to the same credits in whatever order, and however often, they are told.
 */
@NullMarked
package dev.paymaster.credit.reversal;

import org.jspecify.annotations.NullMarked;
