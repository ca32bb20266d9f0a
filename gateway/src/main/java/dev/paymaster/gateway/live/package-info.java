/**
 * Sends commands to Kafka and answers with what comes of them, by tailing the event topics.
 * Waits, queues and times are bounded; what isn't known in time is answered with 202 and a place to ask.
 */
@NullMarked
package dev.paymaster.gateway.live;

import org.jspecify.annotations.NullMarked;
