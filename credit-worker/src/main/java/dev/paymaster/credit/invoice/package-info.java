/**
 * (2) A paid invoice becomes credits: what its lines entitle to, less what was granted for the same period before.
 * All of it is pure: functions of the invoice, the tariff and what is known, without clock, chance or I/O.
 */
@NullMarked
package dev.paymaster.credit.invoice;

import org.jspecify.annotations.NullMarked;
