/**
 * The way of the money of one job: from what paid for its credits to what its receiver got, every cent and credit with its id.
 * Read from the views of all workers; {@link dev.paymaster.gateway.money.Viewer} says who sees what of it.
 */
@NullMarked
package dev.paymaster.gateway.money;

import org.jspecify.annotations.NullMarked;
