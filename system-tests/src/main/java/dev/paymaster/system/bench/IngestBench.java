package dev.paymaster.system.bench;

import dev.paymaster.events.Topics;
import dev.paymaster.standalone.Service;
import dev.paymaster.standalone.Settings;
import dev.paymaster.standalone.Standalone;
import dev.paymaster.system.bench.Bench.Benchmark;
import dev.paymaster.system.bench.HttpLoad.Target;
import dev.paymaster.system.bench.Rounds.Side;
import dev.paymaster.system.command.Progress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Signed webhooks until they are answered 200, which is when Kafka has them. */
final class IngestBench implements Benchmark {
    /** As many as keep both sides' processors busy: with 64, ours has time left while it waits for Kafka. */
    private static final int CONNECTIONS = 256;

    /** Distinct events that are sent in turn; nobody consumes them while it is measured. */
    private static final int EVENTS = 4_000;

    private static final int OK = 200;

    @Override
    public List<Result> run(Plan plan, Path directory, Progress progress) {
        progress.says("starting everything, then stopping all but the gateway");
        try (Standalone standalone = Standalone.start(Settings.forTests(directory));
                KafkaLog kafka = new KafkaLog(standalone.bootstrapServers());
                PlainWebhook plain = PlainWebhook.start();
                HttpLoad load = new HttpLoad(CONNECTIONS)) {
            for (Service worker : List.of(Service.CREDIT_WORKER, Service.JOB_SERVICE, Service.PAYOUT_WORKER)) {
                standalone.stop(worker);
            }
            Webhooks ours = new Webhooks(load, kafka, standalone.webhookUrl(), secret(standalone));
            Target reference = new Target(plain.url(), signed(plain.url(), secret(standalone)), OK);
            Latencies[] last = new Latencies[2];
            Side oursOnce = () -> {
                Answered answered = ours.run(plan.run());
                last[0] = answered.latencies();
                return answered.perSecond();
            };
            Side referenceOnce = () -> {
                Answered answered = load.run(reference, plan.run());
                last[1] = answered.latencies();
                return answered.perSecond();
            };
            Rounds rounds = new Rounds(plan, "events/s", progress);
            rounds.warmUp(oursOnce, referenceOnce);
            List<Run> runs = rounds.run(oursOnce, referenceOnce);
            return List.of(new Result("ingest", "events/s", runs, notes(last[0], last[1])));
        }
    }

    private static String secret(Standalone standalone) {
        String secrets = standalone.context(Service.GATEWAY).getEnvironment().getProperty("stripe.webhook-secret");
        return Objects.requireNonNull(secrets, "stripe.webhook-secret").split(",", -1)[0];
    }

    private static List<byte[]> signed(URI url, String secret) {
        PaidInvoices invoices = new PaidInvoices();
        StripeSignature signature = new StripeSignature(secret);
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            byte[] body = invoices.next().body();
            requests.add(HttpRequests.post(url, Map.of("Stripe-Signature", signature.of(body)), body));
        }
        return requests;
    }

    private static List<String> notes(Latencies ours, Latencies reference) {
        return List.of(
                CONNECTIONS + " connections, the next event when the last is answered; in the last round half were"
                        + " answered within " + Report.number(ours.millis(0.5)) + " ms, 99 % within "
                        + Report.number(ours.millis(0.99)) + " ms; by the reference within "
                        + Report.number(reference.millis(0.5)) + " and " + Report.number(reference.millis(0.99))
                        + " ms",
                "ours: the gateway checks the signature, finds the ids, and answers when Kafka has the event; the workers"
                        + " are stopped, so nothing consumes the events meanwhile; every 200 was counted in stripe.events",
                "reference: Spring Boot's WebFlux with a single controller in the same process, which reads the body and answers;"
                        + " no filters, no keys, the metrics and the time limit that the gateway has. Ours is a filter in front of"
                        + " those for callers, so it is spared the mapping to a controller, and bears the limits on bytes and connections",
                "load generator, gateway and broker share "
                        + Runtime.getRuntime().availableProcessors() + " processors");
    }

    /** Sends to the gateway, and trusts no answer that isn't in Kafka. */
    private record Webhooks(HttpLoad load, KafkaLog kafka, URI url, String secret) {
        Answered run(Duration duration) {
            Target target = new Target(url, signed(url, secret), OK);
            long before = kafka.size(Topics.STRIPE_EVENTS);
            Answered answered = load.run(target, duration);
            long taken = kafka.size(Topics.STRIPE_EVENTS) - before;
            // The sandbox has a few events of its own to tell at first.
            if (taken < answered.count()) {
                throw new IllegalStateException(answered.count() + " answered, but " + taken + " in Kafka");
            }
            return answered;
        }
    }
}
