package dev.paymaster.job;

import dev.paymaster.job.lifecycle.Policy;
import dev.paymaster.job.lifecycle.TimeLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What is laid down for all jobs, under {@code jobs.policy}. A limit counts for the jobs whose wait begins from now on.
 *
 * @param acceptWithin how long a job waits for a receiver; absent: for ever
 * @param submitWithin how long an accepted job waits for its result; absent: for ever
 * @param verifyWithin how long a submitted job waits to be verified; absent: for ever
 */
@ConfigurationProperties("jobs.policy")
record PolicySettings(
        @Nullable Duration acceptWithin,
        @Nullable Duration submitWithin,
        @Nullable Duration verifyWithin) {
    /** Below a second it is a number without its unit, which counts milliseconds. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Above ten years it is a slip of the keyboard. */
    private static final Duration LONGEST = Duration.ofDays(3650);

    PolicySettings {
        check("accept-within", acceptWithin);
        check("submit-within", submitWithin);
        check("verify-within", verifyWithin);
    }

    Policy policy() {
        return new Policy(new TimeLimits(acceptWithin, submitWithin, verifyWithin));
    }

    private static void check(String name, @Nullable Duration limit) {
        if (limit != null && (limit.compareTo(SHORTEST) < 0 || limit.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException(
                    "jobs.policy." + name + " must be at least a second and at most ten years");
        }
    }
}
