package dev.paymaster.gateway;

import dev.paymaster.messaging.lifetime.StopLimit;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * The service that people, programs and Stripe talk to. Any number of instances run side by side; each tails the event
 * topics by itself.
 */
// Named, not referred to: the gateway reads and writes through R2DBC only, and JDBC is there for its migrations.
@SpringBootApplication(
        excludeName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration",
            "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration"
        })
@EnableScheduling
public class GatewayApplication {
    /** The application, for whoever starts it among others in one JVM, with settings of its own. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(GatewayApplication.class).properties("spring.config.name=gateway");
    }

    /** Starts the service, configured by the environment. */
    public static void main(String[] arguments) {
        StopLimit.install();
        application().run(arguments);
    }
}
