/**
 * What the sandbox remembers: Stripe's objects as JSON documents in tables, the time, and the file they survive in.
 * Every change goes through {@link dev.paymaster.stripesandbox.state.Store}, under its one lock.
 */
@NullMarked
package dev.paymaster.stripesandbox.state;

import org.jspecify.annotations.NullMarked;
