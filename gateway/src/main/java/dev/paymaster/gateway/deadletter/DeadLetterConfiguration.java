package dev.paymaster.gateway.deadletter;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;

@Configuration(proxyBeanMethods = false)
class DeadLetterConfiguration {
    @Bean
    DeadLetterIntake deadLetterIntake(ConsumerFactory<byte[], byte[]> consumers, DeadLetterStore store) {
        return new DeadLetterIntake(consumers, store);
    }
}
