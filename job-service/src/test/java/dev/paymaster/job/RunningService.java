package dev.paymaster.job;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.messaging.DecisionTime;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole service, on a real broker and a real database. */
final class RunningService implements AutoCloseable {
    private final ConfigurableApplicationContext context;

    private RunningService(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static RunningService start(ServiceDatabase database, String stripeSecretKey) {
        return start(database, stripeSecretKey, Clock.systemUTC());
    }

    /** With settings of its own, and a clock: one that the test moves is believed by the database, too. */
    static RunningService start(ServiceDatabase database, String stripeSecretKey, Clock clock, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--spring.reactor.netty.shutdown-quiet-period=0s",
                "--KAFKA_BOOTSTRAP_SERVERS=" + EmbeddedBroker.shared().bootstrapServers(),
                "--DATABASE_HOST=" + database.address().host(),
                "--DATABASE_PORT=" + database.address().port(),
                "--DATABASE_NAME=" + database.address().database(),
                "--STRIPE_SECRET_KEY=" + stripeSecretKey,
                // Enough to have commands of several partitions at once.
                "--messaging.partitions=4",
                // Each thread that joins keeps the others waiting for one of their heartbeats.
                "--spring.kafka.consumer.properties.heartbeat.interval.ms=100",
                // A stop waits for the last fetch.
                "--spring.kafka.consumer.properties.fetch.max.wait.ms=50",
                "--logging.level.root=warn",
                "--logging.level.dev.paymaster.job=info"));
        arguments.addAll(List.of(settings));
        return new RunningService(JobServiceApplication.application()
                .initializers(context -> {
                    context.getBeanFactory().registerSingleton("clock", clock);
                    if (clock instanceof TestClock) {
                        context.getBeanFactory().registerSingleton("decisionTime", (DecisionTime) clock::instant);
                    }
                })
                .run(arguments.toArray(String[]::new)));
    }

    URI actuator(String path) {
        String port = Objects.requireNonNull(context.getEnvironment().getProperty("local.server.port"));
        return URI.create("http://127.0.0.1:" + port + "/actuator/" + path);
    }

    @Override
    public void close() {
        context.close();
    }
}
