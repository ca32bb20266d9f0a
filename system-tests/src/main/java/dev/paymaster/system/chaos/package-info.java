/**
 * {@code ./paymaster chaos}: several instances of each service as processes of their own, a random but valid workload, and
 * faults from a seed; then, at rest, everything that was promised is checked from outside.
 *
 * <ul>
 *   <li>{@link dev.paymaster.system.chaos.Chaos}: the command; each seed is a {@link dev.paymaster.system.chaos.Trial} on a
 *       {@link dev.paymaster.system.chaos.Cluster}
 *   <li>{@link dev.paymaster.system.chaos.Workload}: what people do (job lives, billing, probes, commands on Kafka), and the
 *       {@link dev.paymaster.system.chaos.Journal} of what they were told
 *   <li>{@link dev.paymaster.system.chaos.FaultPlan}: which faults come when; the
 *       {@link dev.paymaster.system.chaos.Injector} makes them happen
 *   <li>{@link dev.paymaster.system.chaos.AtRest}: waits, then checks {@link dev.paymaster.system.chaos.Promises} and the rules of
 *       {@code system.proof}
 *   <li>{@link dev.paymaster.system.chaos.RunReport}: the page about it
 * </ul>
 */
@NullMarked
package dev.paymaster.system.chaos;

import org.jspecify.annotations.NullMarked;
