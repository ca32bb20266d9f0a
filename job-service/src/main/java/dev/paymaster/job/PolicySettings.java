package dev.paymaster.job;

import dev.paymaster.job.lifecycle.Policy;
import dev.paymaster.job.lifecycle.TimeLimits;
import dev.paymaster.job.lifecycle.WhenNotAccepted;
import dev.paymaster.job.lifecycle.WhenNotSubmitted;
import dev.paymaster.job.lifecycle.WhenNotVerified;
import dev.paymaster.job.lifecycle.WhenRejected;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is laid down for all jobs, under {@code jobs.policy}. A limit counts for the jobs whose wait begins from now on.
 *
 * @param acceptWithin how long a job waits for a receiver; absent: for ever
 * @param submitWithin how long an accepted job waits for its result; absent: for ever
 * @param verifyWithin how long a submitted job waits to be verified; absent: for ever
 * @param whenNotAccepted what becomes of a job that no receiver has accepted in time
 * @param whenNotSubmitted what becomes of a job whose receiver has handed in nothing in time
 * @param whenNotVerified what becomes of a result that nobody has judged in time
 * @param whenRejected what becomes of a job whose result has not passed
 * @param attempts how many receivers may try one job, where it is queued again
 */
@ConfigurationProperties("jobs.policy")
record PolicySettings(
        @Nullable Duration acceptWithin,
        @Nullable Duration submitWithin,
        @Nullable Duration verifyWithin,
        @DefaultValue("cancel") WhenNotAccepted whenNotAccepted,
        @DefaultValue("requeue") WhenNotSubmitted whenNotSubmitted,
        @DefaultValue("auto-verify") WhenNotVerified whenNotVerified,
        @DefaultValue("release") WhenRejected whenRejected,
        @DefaultValue("3") int attempts) {
    /** Below a second it is a number without its unit, which counts milliseconds. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Above ten years it is a slip of the keyboard. */
    private static final Duration LONGEST = Duration.ofDays(3650);

    /** Every attempt is in the events for ever. */
    private static final int MOST_ATTEMPTS = 1000;

    PolicySettings {
        check("accept-within", acceptWithin);
        check("submit-within", submitWithin);
        check("verify-within", verifyWithin);
        if (attempts < 1 || attempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("jobs.policy.attempts must be from 1 to " + MOST_ATTEMPTS);
        }
    }

    Policy policy() {
        return new Policy(
                new TimeLimits(acceptWithin, submitWithin, verifyWithin),
                whenNotAccepted,
                whenNotSubmitted,
                whenNotVerified,
                whenRejected,
                attempts);
    }

    private static void check(String name, @Nullable Duration limit) {
        if (limit != null && (limit.compareTo(SHORTEST) < 0 || limit.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException(
                    "jobs.policy." + name + " must be at least a second and at most ten years");
        }
    }
}
