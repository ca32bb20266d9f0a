package dev.paymaster.job;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How overdue jobs are found, under {@code jobs.timer}.
 *
 * @param poll how often they are looked for: a job may wait for this much longer than its deadline
 */
@ConfigurationProperties("jobs.timer")
record TimerSettings(@DefaultValue("1s") Duration poll) {
    TimerSettings {
        if (poll.toMillis() < 1) {
            throw new IllegalArgumentException("jobs.timer.poll must be at least 1 ms");
        }
    }
}
