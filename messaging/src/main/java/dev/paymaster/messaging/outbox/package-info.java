/**
 * Records on their way out: committed with the state that they tell of, published after the commit.
 * A partition's unpublished records stand in its own row, so whoever owns the partition owns them too.
 */
@NullMarked
package dev.paymaster.messaging.outbox;

import org.jspecify.annotations.NullMarked;
