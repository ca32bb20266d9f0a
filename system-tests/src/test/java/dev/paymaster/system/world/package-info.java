/**
 * A running Paymaster and the people around it, for tests: everything is reached from outside, over HTTP, Kafka and SQL.
 * Start at {@link dev.paymaster.system.world.World}.
 */
@NullMarked
package dev.paymaster.system.world;

import org.jspecify.annotations.NullMarked;
