/**
 * {@code ./paymaster bench}: each figure is a ratio to a reference that runs in turn with it, in the same process, on the
 * same broker and database. Start at {@link dev.paymaster.system.bench.Bench}; nothing here is asserted to be fast.
 */
@NullMarked
package dev.paymaster.system.bench;

import org.jspecify.annotations.NullMarked;
