package dev.paymaster.system.bench;

import dev.paymaster.credit.CreditWorkerApplication;
import dev.paymaster.embedded.Database;
import dev.paymaster.events.Topics;
import dev.paymaster.messaging.PartitionConsumer;
import dev.paymaster.system.command.Waiting;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.context.ConfigurableApplicationContext;

/** The credit worker's application, as it is. For one thread. */
final class CreditWorker implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofMillis(2);

    private final ConfigurableApplicationContext application;
    /** Counts a batch's records when they are committed and published. */
    private final DistributionSummary processed;

    private final KafkaLog kafka;
    private final Counts counts;
    private long granted;

    private CreditWorker(ConfigurableApplicationContext application, KafkaLog kafka, Counts counts) {
        this.application = application;
        PartitionConsumer consumer = application.getBean("stripeEvents", PartitionConsumer.class);
        this.processed = application
                .getBean(MeterRegistry.class)
                .get("paymaster.batch.records")
                .tag("consumer", consumer.name())
                .summary();
        this.kafka = kafka;
        this.counts = counts;
    }

    static CreditWorker start(String bootstrapServers, Database database, KafkaLog kafka) {
        Logs.keepOneConfiguration();
        ConfigurableApplicationContext application = CreditWorkerApplication.application()
                .registerShutdownHook(false)
                .run(
                        "--KAFKA_BOOTSTRAP_SERVERS=" + bootstrapServers,
                        "--DATABASE_HOST=" + database.host(),
                        "--DATABASE_PORT=" + database.port(),
                        "--DATABASE_NAME=" + database.database(),
                        "--DATABASE_PASSWORD=" + Database.PASSWORD,
                        "--DATABASE_OWNER_PASSWORD=" + Database.PASSWORD,
                        "--spring.main.web-application-type=none",
                        "--spring.jmx.enabled=false",
                        "--stripe.secret-key=sk_test_bench",
                        "--stripe.prices.starter=" + PaidInvoices.PRICE,
                        "--stripe.prices.pro=price_pro",
                        "--stripe.prices.team=price_team");
        return new CreditWorker(application, kafka, new Counts(database));
    }

    /**
     * Answers how many events per second are applied: from the moment in which the consumer may see those that are
     * hidden in its topic, until every event's grant is committed and published.
     */
    double perSecond(int events) {
        double before = processed.totalAmount();
        long startNanos = System.nanoTime();
        kafka.show();
        Waiting.until("granting", LIMIT, PAUSE, () -> processed.totalAmount() - before >= events);
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        granted += events;
        return events / seconds;
    }

    /** Every event has had its whole effect, once; a rebalance may have published an event twice. */
    void requireGrants() {
        for (String table : PlainCredits.TABLES) {
            counts.require(table, granted);
        }
        long published = kafka.size(Topics.CREDIT_EVENTS);
        if (published < granted || kafka.size(Topics.deadLetters(Topics.STRIPE_EVENTS)) > 0) {
            throw new IllegalStateException("of " + granted + " grants, " + published + " were published");
        }
    }

    @Override
    public void close() {
        application.close();
    }
}
