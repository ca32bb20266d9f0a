package dev.paymaster.gateway.deadletter;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;

@Configuration(proxyBeanMethods = false)
class DeadLetterConfiguration {
    @Bean
    DeadLetterIntake deadLetterIntake(ConsumerFactory<byte[], byte[]> consumers, DeadLetterStore store) {
        return new DeadLetterIntake(consumers, store);
    }

    /** Outside of readiness: calls are answered without it. */
    @Bean
    HealthIndicator deadLetterIntakeHealthIndicator(DeadLetterIntake intake) {
        return () -> intake.isRunning()
                ? Health.up().build()
                : Health.down()
                        .withDetail("reason", "dead letters are not read any more")
                        .build();
    }
}
