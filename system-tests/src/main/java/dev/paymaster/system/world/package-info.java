/**
 * A running Paymaster from outside: over HTTP, Kafka and SQL, and the local Stripe behind it.
 */
@NullMarked
package dev.paymaster.system.world;

import org.jspecify.annotations.NullMarked;
