package dev.paymaster.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.job.lifecycle.Policy;
import dev.paymaster.job.lifecycle.TimeLimits;
import dev.paymaster.job.lifecycle.WhenNotAccepted;
import dev.paymaster.job.lifecycle.WhenNotSubmitted;
import dev.paymaster.job.lifecycle.WhenNotVerified;
import dev.paymaster.job.lifecycle.WhenRejected;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class PolicySettingsTest {
    private final ApplicationContextRunner service =
            new ApplicationContextRunner().withUserConfiguration(PolicyConfiguration.class);

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(PolicySettings.class)
    static class PolicyConfiguration {}

    @Test
    void limitsNothingByDefault() {
        service.run(context ->
                assertThat(context.getBean(PolicySettings.class).policy()).isEqualTo(Policy.DEFAULT));
    }

    @Test
    void takesLimitsFromTheSettings() {
        service.withPropertyValues(
                        "jobs.policy.accept-within=7d",
                        "jobs.policy.submit-within=36h",
                        "jobs.policy.verify-within=90m")
                .run(context -> assertThat(
                                context.getBean(PolicySettings.class).policy().within())
                        .isEqualTo(new TimeLimits(Duration.ofDays(7), Duration.ofHours(36), Duration.ofMinutes(90))));
    }

    @Test
    void takesTheRestFromTheSettings() {
        service.withPropertyValues(
                        "jobs.policy.when-not-accepted=keep",
                        "jobs.policy.when-not-submitted=cancel",
                        "jobs.policy.when-not-verified=reject",
                        "jobs.policy.when-rejected=requeue",
                        "jobs.policy.attempts=5")
                .run(context -> assertThat(context.getBean(PolicySettings.class).policy())
                        .isEqualTo(new Policy(
                                TimeLimits.NONE,
                                WhenNotAccepted.KEEP,
                                WhenNotSubmitted.CANCEL,
                                WhenNotVerified.REJECT,
                                WhenRejected.REQUEUE,
                                5)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accept-within=90",
                "submit-within=-1h",
                "verify-within=4000d",
                "verify-within=soon",
                "attempts=0",
                "attempts=100000",
                "when-rejected=keep",
                "when-not-submitted=keep"
            })
    void refusesASlipOfTheKeyboard(String setting) {
        service.withPropertyValues("jobs.policy." + setting)
                .run(context -> assertThat(context).hasFailed());
    }
}
