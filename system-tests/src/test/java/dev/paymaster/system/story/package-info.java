/**
 * The story from payment to payout and its variations, over HTTP and Kafka, on one Paymaster that they share.
 * After each scenario everything must add up.
 */
@NullMarked
package dev.paymaster.system.story;

import org.jspecify.annotations.NullMarked;
