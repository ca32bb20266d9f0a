/**
 * What time brings about: lots lapse, and reviews that were missed are called for again. Timers only publish commands; state
 * changes where these are applied.
 */
@NullMarked
package dev.paymaster.credit.timer;

import org.jspecify.annotations.NullMarked;
