/**
 * Administrators' grants and adjustments.
 * Each is asked for by a command and applied once per command id.
 */
@NullMarked
package dev.paymaster.credit.grant;

import org.jspecify.annotations.NullMarked;
