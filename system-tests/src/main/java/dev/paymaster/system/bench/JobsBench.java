package dev.paymaster.system.bench;

import dev.paymaster.embedded.Database;
import dev.paymaster.standalone.Service;
import dev.paymaster.standalone.Settings;
import dev.paymaster.standalone.Standalone;
import dev.paymaster.system.bench.Bench.Benchmark;
import dev.paymaster.system.bench.HttpLoad.Target;
import dev.paymaster.system.bench.Rounds.Side;
import dev.paymaster.system.command.Progress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@code POST /api/jobs} until it is answered 201: a command to Kafka, decided by job-service, and its event back. */
final class JobsBench implements Benchmark {
    private static final int CREATED = 201;

    /** Enough requests at once for batches to grow; eight for each of the reference's connections to its database. */
    private static final int CONNECTIONS = 128;

    /** More senders than connections, so that hardly ever two requests of one sender are under way. */
    private static final int SENDERS = 256;

    private static final byte[] JOB =
            "{\"prompt\":\"Who invented double-entry bookkeeping?\"}".getBytes(StandardCharsets.UTF_8);

    @Override
    public List<Result> run(Plan plan, Path directory, Progress progress) {
        progress.says("starting everything");
        try (Standalone standalone = Standalone.start(Settings.forTests(directory));
                HttpLoad load = new HttpLoad(CONNECTIONS)) {
            Durability.require(standalone.database());
            progress.says("making " + SENDERS + " senders with credits");
            List<Sender> senders = new Senders(standalone).make(SENDERS);
            Database separate = standalone.databaseServer().createDatabase("plain_jobs");
            PlainJobTables.copy(standalone.database(), separate);
            // What has no part in creating a job.
            standalone.stop(Service.CREDIT_WORKER);
            standalone.stop(Service.PAYOUT_WORKER);
            try (PlainJobs plain = PlainJobs.on(separate)) {
                JobCreation ours = new JobCreation(
                        load, target(standalone.url().resolve("/api/jobs"), senders), standalone.database());
                URI url = new GatewayRoutes(standalone).post("/api/plain/jobs", plain, "create");
                JobCreation reference = new JobCreation(load, target(url, senders), separate);
                Side oursOnce = () -> ours.perSecond(plan.run());
                Side referenceOnce = () -> reference.perSecond(plan.run());
                Rounds rounds = new Rounds(plan, "jobs/s", progress);
                rounds.warmUp(oursOnce, referenceOnce);
                List<Run> runs = rounds.run(oursOnce, referenceOnce);
                return List.of(new Result("jobs", "jobs/s", runs, notes(ours, reference)));
            }
        }
    }

    private static Target target(URI url, List<Sender> senders) {
        return new Target(
                url,
                senders.stream()
                        .map(sender -> HttpRequests.post(url, Map.of("Authorization", "Bearer " + sender.key()), JOB))
                        .toList(),
                CREATED);
    }

    private static List<String> notes(JobCreation ours, JobCreation reference) {
        return List.of(
                CONNECTIONS + " connections, the next job when the last is answered, of " + SENDERS
                        + " senders in turn; in the last round " + ours.latencies() + "; by the reference "
                        + reference.latencies(),
                "ours: the gateway and job-service as they are, in one process; the other workers are stopped; every 201"
                        + " was counted in jobs.job and ledger.transfer",
                "reference: in the same gateway, behind the same filters, keys and JSON, one R2DBC transaction of four"
                        + " statements per job (account, lot, transfer, job) on 16 connections of its own; it keeps no"
                        + " command log and publishes nothing",
                "load generator, servers, broker and PostgreSQL share "
                        + Runtime.getRuntime().availableProcessors() + " processors");
    }

    /** Creates jobs on one side, and trusts no answer that isn't in its database. For one thread. */
    private static final class JobCreation {
        private final HttpLoad load;
        private final Target target;
        private final Counts counts;
        private Latencies last = new Latencies();
        private long created;

        JobCreation(HttpLoad load, Target target, Database database) {
            this.load = load;
            this.target = target;
            this.counts = new Counts(database);
        }

        double perSecond(Duration duration) {
            Answered answered = load.run(target, duration);
            last = answered.latencies();
            created += answered.count();
            counts.require("jobs.job WHERE status = 'queued'", created);
            counts.require("ledger.transfer WHERE kind = 'hold'", created);
            return answered.perSecond();
        }

        String latencies() {
            return "half were answered within " + Report.number(last.millis(0.5)) + " ms, 99 % within "
                    + Report.number(last.millis(0.99)) + " ms";
        }
    }
}
