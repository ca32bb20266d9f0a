/**
 * {@code ./paymaster chaos}: several instances of each service as processes of their own, a random but valid workload, and
 * faults from a seed; then, at rest, everything that was promised is checked from outside. Start at
 * {@link dev.paymaster.system.chaos.Chaos}.
 */
@NullMarked
package dev.paymaster.system.chaos;

import org.jspecify.annotations.NullMarked;
