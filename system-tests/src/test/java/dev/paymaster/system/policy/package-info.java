/** Tables of what is laid down for all jobs: what becomes of them, of their senders' credits and of who is paid. */
@NullMarked
package dev.paymaster.system.policy;

import org.jspecify.annotations.NullMarked;
