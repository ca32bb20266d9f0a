/**
 * What can be asked of a job, and what can happen to it.
 * Every event carries the whole job as it is after the event, so that nobody has to read it elsewhere.
 */
@NullMarked
package dev.paymaster.events.job;

import org.jspecify.annotations.NullMarked;
