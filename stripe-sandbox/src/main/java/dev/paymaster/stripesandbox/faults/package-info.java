/**
 * What goes wrong on purpose: a seeded plan of faults, per endpoint and per event type.
 * {@link dev.paymaster.stripesandbox.faults.FaultPlan} documents the JSON of {@code PUT /_sandbox/faults}.
 */
@NullMarked
package dev.paymaster.stripesandbox.faults;

import org.jspecify.annotations.NullMarked;
