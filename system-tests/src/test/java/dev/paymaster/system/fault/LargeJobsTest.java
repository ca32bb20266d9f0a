package dev.paymaster.system.fault;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.embedded.EmbeddedDatabase;
import dev.paymaster.embedded.Ports;
import dev.paymaster.events.Envelope;
import dev.paymaster.events.MessageTypes;
import dev.paymaster.events.Topics;
import dev.paymaster.events.job.JobCommand.CancelJob;
import dev.paymaster.ledger.LedgerMigrations;
import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.system.process.Child;
import dev.paymaster.system.process.Node;
import dev.paymaster.system.world.KafkaLog;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job-service with a small heap that finds small commands on large jobs, more than would fit into it at once. */
@Tag("long")
class LargeJobsTest {
    /** Enough for what a batch may have, and far less than what all of these have. */
    private static final List<String> SMALL = List.of("-Xmx256m");

    private static final Duration START = Duration.ofMinutes(4);

    private static final int JOBS = 80;
    private static final int REPETITIONS = 80;

    private static final String SENDER = UUID.randomUUID().toString();

    @TempDir
    Path directory;

    private final int healthPort = Ports.orFree(0);
    private final Database database = EmbeddedDatabase.shared().createDatabase("large_jobs");

    @Test
    void cancelsManyLargeJobsAndRepeatsOneOutcomeOften() throws Exception {
        List<UUID> jobs = largeJobs();
        try (EmbeddedBroker broker = EmbeddedBroker.startTemporary();
                KafkaLog kafka = new KafkaLog(broker.bootstrapServers());
                Node service = service(broker)) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic(Topics.JOB_COMMANDS, 1, (short) 1)))
                        .all()
                        .get();
            }
            List<ProducerRecord<byte[], byte[]>> commands = new ArrayList<>();
            jobs.forEach(job -> commands.add(cancel(job)));
            commands.addAll(Collections.nCopies(REPETITIONS, cancel(jobs.getFirst())));
            kafka.publish(commands);

            service.start(SMALL);
            eventually("readiness").atMost(START).until(service::isReady);
            eventually("an outcome of each")
                    .atMost(START)
                    .until(() -> service.isReady() && kafka.size(Topics.JOB_EVENTS) >= JOBS + REPETITIONS);

            assertThat(kafka.size(Topics.JOB_EVENTS)).isEqualTo(JOBS + REPETITIONS);
            assertThat(kafka.size(Topics.deadLetters(Topics.JOB_COMMANDS))).isZero();
            assertThat(cancelled()).isEqualTo(JOBS);
            assertThat(Files.readString(service.log())).doesNotContain("OutOfMemory");
        }
    }

    private Node service(EmbeddedBroker broker) {
        List<String> arguments = List.of(
                "--KAFKA_BOOTSTRAP_SERVERS=" + broker.bootstrapServers(),
                "--DATABASE_HOST=" + database.host(),
                "--DATABASE_PORT=" + database.port(),
                "--DATABASE_NAME=" + database.database(),
                "--server.address=127.0.0.1",
                "--server.port=" + healthPort,
                "--messaging.partitions=1");
        URI readiness = URI.create("http://127.0.0.1:" + healthPort + "/actuator/health/readiness");
        return new Node(
                "job-service",
                Child.launch("job-service", arguments, directory),
                () -> ServiceProcess.status(readiness) == 200);
    }

    /** Of a mebibyte each, which can't be compressed. */
    private List<UUID> largeJobs() throws SQLException {
        Flyway flyway = Flyway.configure()
                .dataSource(database.jdbcUrl(), database.ownerUser(), database.ownerPassword())
                .schemas("jobs")
                .defaultSchema("jobs")
                .locations("classpath:db/messaging", "classpath:db/jobs")
                .placeholders(Map.of("role", "paymaster_job"))
                .load();
        flyway.migrate();
        LedgerMigrations.migrate(flyway);
        byte[] random = new byte[3 << 18];
        new Random(1).nextBytes(random);
        List<UUID> jobs = new ArrayList<>();
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO jobs.job (id, sender, status, skill, credit_cost, payout_cents, shadow, prompt, sequence,
                                              created_at, updated_at)
                        SELECT gen_random_uuid(), ?::uuid, 'queued', 'research', 2, 100, true, ?, 1, now(), now()
                        FROM generate_series(1, ?) RETURNING id""")) {
            insert.setString(1, SENDER);
            insert.setString(2, Base64.getEncoder().encodeToString(random));
            insert.setInt(3, JOBS);
            try (ResultSet rows = insert.executeQuery()) {
                while (rows.next()) {
                    jobs.add(rows.getObject(1, UUID.class));
                }
            }
        }
        return jobs;
    }

    private static ProducerRecord<byte[], byte[]> cancel(UUID job) {
        CancelJob command = new CancelJob(job, UUID.fromString(SENDER));
        Envelope envelope = Envelope.of(
                "cancel " + job, "/test", MessageTypes.nameOf(CancelJob.class), job.toString(), Instant.now());
        return Outgoing.of(Topics.JOB_COMMANDS, SENDER, envelope, Codec.write(command))
                .toProducerRecord();
    }

    private int cancelled() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM jobs.job WHERE status = 'cancelled'")) {
            assertThat(count.next()).isTrue();
            return count.getInt(1);
        }
    }
}
