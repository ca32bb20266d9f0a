/**
 * (4) Jobs: commands come in from Kafka in batches, change jobs and the credits they hold, and leave as events.
 * Start at {@link dev.paymaster.job.JobBatchHandler}; the rules are in {@code lifecycle}, what jobs cost in {@code catalogue}.
 */
@NullMarked
package dev.paymaster.job;

import org.jspecify.annotations.NullMarked;
