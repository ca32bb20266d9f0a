/**
 * (4) What can become of a job: its states, and the rules by which a command changes it or is refused.
 * Pure functions of values; neither Spring nor Kafka nor a database is known here.
 */
@NullMarked
package dev.paymaster.job.lifecycle;

import org.jspecify.annotations.NullMarked;
