/**
 * What credits brought in and what they cost: cash against payouts, for administrators.
 * Read from the views of all workers; whether the tariff itself can lose money is told when the service starts.
 */
@NullMarked
package dev.paymaster.gateway.margin;

import org.jspecify.annotations.NullMarked;
