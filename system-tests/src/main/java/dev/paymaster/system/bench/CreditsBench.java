package dev.paymaster.system.bench;

import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.embedded.EmbeddedDatabase;
import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.system.bench.Bench.Benchmark;
import dev.paymaster.system.command.Progress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * Paid invoices, in Kafka beforehand, until all grants are committed and their events are published. Both sides read the
 * same events from the same topic, each into a database of its own on one server.
 */
final class CreditsBench implements Benchmark {
    /** Enough to be compiled for; small enough for a smoke run. */
    private static final int FIRST_EVENTS = 3_000;

    /**
     * Java goes on compiling for half a minute on two processors, and PostgreSQL is slow until its first checkpoint: until
     * then, each piece of its log is a new file that has to be filled with zeros first.
     */
    private static final int WARM_UPS = 10;

    /** Of 3.4 KB each: what a round puts on the disk stays below half a gigabyte. */
    private static final int MAX_EVENTS = 120_000;

    private final PaidInvoices invoices = new PaidInvoices();

    @Override
    public List<Result> run(Plan plan, Path directory, Progress progress) {
        progress.says("starting Kafka, PostgreSQL and the credit worker");
        try (EmbeddedDatabase server = EmbeddedDatabase.start(directory.resolve("database"), 0);
                EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"), 0);
                KafkaLog kafka = new KafkaLog(broker.bootstrapServers());
                CreditWorker ours = CreditWorker.start(broker.bootstrapServers(), server.paymaster(), kafka);
                PlainCredits reference = PlainCredits.start(separate(server), kafka)) {
            Durability.require(server.paymaster());
            int events = warmUp(plan, kafka, ours, reference, progress);
            Rounds rounds = new Rounds(plan, "events/s", progress);
            Load load = new Load(kafka, events);
            List<Run> runs = rounds.run(
                    () -> ours.perSecond(load.put()), () -> reference.perSecond(load.from, events, plan.run()));
            ours.requireGrants();
            reference.requireGrants();
            return List.of(new Result("credits", "events/s", runs, notes(events)));
        }
    }

    private static Database separate(EmbeddedDatabase server) {
        return server.createDatabase("plain_credits");
    }

    /** Lets both sides run until Java has compiled them; says how many events the plan's time takes. */
    private int warmUp(Plan plan, KafkaLog kafka, CreditWorker ours, PlainCredits reference, Progress progress) {
        progress.says("warming up");
        int events = FIRST_EVENTS;
        for (int i = 0; i < (plan.rounds() == 1 ? 1 : WARM_UPS); i++) {
            Load load = new Load(kafka, events);
            double perSecond = ours.perSecond(load.put());
            reference.perSecond(load.from, events, plan.run());
            events = Math.clamp((long) (perSecond * plan.runSeconds()), FIRST_EVENTS, MAX_EVENTS);
        }
        return events;
    }

    private static List<String> notes(int events) {
        return List.of(
                "ours: the credit worker as it is, " + String.format(java.util.Locale.ROOT, "%,d", events)
                        + " events a round, in Kafka already, from the moment they may be read until the last grant is in credit.events",
                "reference: the same events from the same topic; 16 threads with a connection each, one transaction of six"
                        + " inserts per event, prepared once, then its event to Kafka without waiting for each;"
                        + " no duplicates, parked invoices or stored offsets to care for",
                "broker, both sides and PostgreSQL share "
                        + Runtime.getRuntime().availableProcessors()
                        + " processors; nothing generates load while it is measured");
    }

    /** Puts fresh events into the topic, and remembers where they begin. */
    private final class Load {
        private final KafkaLog kafka;
        private final int events;
        private Map<TopicPartition, Long> from = Map.of();

        Load(KafkaLog kafka, int events) {
            this.kafka = kafka;
            this.events = events;
        }

        /** They are hidden until the worker is to see them; the reference reads them after that. */
        int put() {
            from = kafka.ends(Topics.STRIPE_EVENTS);
            kafka.hide(Stream.generate(invoices::next).limit(events).map(Load::record));
            return events;
        }

        /** As the gateway publishes it. */
        private static Outgoing record(PaidInvoices.Event event) {
            Envelope envelope =
                    Envelope.of(event.id(), "/stripe", "stripe.invoice.paid", event.invoiceId(), Instant.now());
            return Outgoing.of(Topics.STRIPE_EVENTS, event.customerId(), envelope, event.body());
        }
    }
}
