/**
 * What the API tells of money that has moved: a job's trail, what Stripe knows and we missed, margins, the proof.
 * Against a running Paymaster, like {@link dev.paymaster.system.story}.
 */
@NullMarked
package dev.paymaster.system.books;

import org.jspecify.annotations.NullMarked;
