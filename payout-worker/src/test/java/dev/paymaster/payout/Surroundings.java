package dev.paymaster.payout;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.embedded.EmbeddedDatabase;
import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.events.credit.CreditEvent.CashReceived;
import dev.paymaster.events.credit.CreditEvent.CashReturned;
import dev.paymaster.events.credit.CreditEvent.CreditsGranted;
import dev.paymaster.events.credit.LedgerEntry;
import dev.paymaster.events.job.JobEvent.JobVerified;
import dev.paymaster.events.job.JobSnapshot;
import dev.paymaster.events.job.JobStatus;
import dev.paymaster.events.payout.PayoutCommand;
import dev.paymaster.messaging.Ids;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Outgoing;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** A real broker, a real database and a sandbox of Stripe, once per JVM; and workers in between, as many as a test wants. */
final class Surroundings {
    private static final Surroundings SHARED = new Surroundings();

    private static final Duration SOON = Duration.ofSeconds(30);

    static {
        Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
    }

    private final Database database = EmbeddedDatabase.shared().createDatabase("payout_worker");
    private final KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", EmbeddedBroker.shared().bootstrapServers(), "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    private final EventWriter writer = new EventWriter("/test", Ids.timeOrdered(), Clock.systemUTC());
    final JdbcTemplate owner = Sql.as(database.ownerUser(), database);
    final SandboxControl stripe = new SandboxControl();

    private Surroundings() {}

    static Surroundings shared() {
        return SHARED;
    }

    /** A worker with short waits; {@code faults} are beans of its own that get in the way. */
    ConfigurableApplicationContext worker(Class<?> faults, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--KAFKA_BOOTSTRAP_SERVERS=" + EmbeddedBroker.shared().bootstrapServers(),
                "--DATABASE_HOST=" + database.host(),
                "--DATABASE_PORT=" + database.port(),
                "--DATABASE_NAME=" + database.database(),
                "--stripe.secret-key=" + stripe.secretKey(),
                "--stripe.api-base=" + stripe.baseUrl(),
                "--server.port=0",
                // Nobody calls it over HTTP; by default a stop waits two seconds to see whether anybody does.
                "--spring.reactor.netty.shutdown-quiet-period=0s",
                // Each worker that comes or goes keeps the others waiting for one of their heartbeats.
                "--spring.kafka.consumer.properties.heartbeat.interval.ms=100",
                // A stop waits for the last fetch.
                "--spring.kafka.consumer.properties.fetch.max.wait.ms=50",
                "--spring.kafka.consumer.properties.session.timeout.ms=10000",
                "--messaging.partitions=3",
                "--payouts.rate-limit.per-second=1000",
                "--payouts.rate-limit.burst=100",
                "--payouts.poll=50ms",
                "--payouts.patience.first=50ms",
                "--payouts.patience.longest=400ms",
                "--payouts.patience.first-for-funds=100ms",
                "--payouts.patience.longest-for-funds=400ms",
                "--payouts.patience.settling=300ms",
                "--resilience4j.retry.instances.stripe.wait-duration=20ms",
                "--resilience4j.circuitbreaker.instances.stripe.wait-duration-in-open-state=200ms",
                "--resilience4j.circuitbreaker.instances.stripe.max-wait-duration-in-half-open-state=1s"));
        for (String argument : more) {
            // The same option twice would be a list of both.
            arguments.removeIf(other -> other.startsWith(argument.substring(0, argument.indexOf('=') + 1)));
            arguments.add(argument);
        }
        return PayoutWorkerApplication.application().sources(faults).run(arguments.toArray(String[]::new));
    }

    ConfigurableApplicationContext worker(String... more) {
        return worker(NoFaults.class, more);
    }

    /** Nothing gets in the way. */
    static final class NoFaults {}

    void publish(Outgoing record) {
        try {
            producer.send(record.toProducerRecord()).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void publish(PayoutCommand command, String commandId) {
        publish(writer.command(Topics.PAYOUT_COMMANDS, command.receiver().toString(), commandId, "test", command));
    }

    void publish(PayoutCommand command) {
        publish(command, UUID.randomUUID().toString());
    }

    /** Publishes that a job was verified; returns the job's id. */
    UUID verifyJob(UUID receiver) {
        UUID jobId = UUID.randomUUID();
        verifyJob(jobId, receiver, 100, false);
        return jobId;
    }

    /** The id of a job that was made yesterday, so that Stripe may have forgotten what was paid for it. */
    static UUID oldJob() {
        UUID random = UUID.randomUUID();
        long time = Instant.now().minus(Duration.ofHours(24)).toEpochMilli() << 16;
        return new UUID(time | 0x7000 | (random.getMostSignificantBits() & 0xfff), random.getLeastSignificantBits());
    }

    void verifyJob(UUID jobId, @Nullable UUID receiver, long payoutCents, boolean shadow) {
        verifyJob(jobId, UUID.randomUUID(), receiver, payoutCents, shadow);
    }

    void verifyJob(UUID jobId, UUID sender, @Nullable UUID receiver, long payoutCents, boolean shadow) {
        Instant now = Instant.now();
        JobSnapshot job = new JobSnapshot(
                jobId,
                JobStatus.VERIFIED,
                "research",
                2,
                payoutCents,
                shadow,
                "prompt",
                null,
                null,
                sender,
                receiver,
                "output",
                null,
                now,
                now);
        publish(writer.command(
                Topics.JOB_EVENTS,
                jobId.toString(),
                UUID.randomUUID().toString(),
                jobId.toString(),
                new JobVerified(job)));
    }

    /** Publishes that a lot was granted; {@code revenueCents} is absent in what older versions told, and of gifts. */
    void publishGrant(UUID lotId, UUID userId, @Nullable Long revenueCents) {
        LedgerEntry entry = new LedgerEntry(userId, 1, 50, lotId, null, "invoice:in_" + lotId, 50, 0, 0, Instant.now());
        publish(writer.command(
                Topics.CREDIT_EVENTS,
                userId.toString(),
                UUID.randomUUID().toString(),
                userId.toString(),
                new CreditsGranted(entry, revenueCents)));
    }

    /** Publishes that an invoice has brought in cash that is in no lot. */
    void publishCash(String ref, UUID userId, long revenueCents) {
        publish(writer.command(
                Topics.CREDIT_EVENTS,
                userId.toString(),
                UUID.randomUUID().toString(),
                userId.toString(),
                new CashReceived(userId, ref, revenueCents)));
    }

    /** Publishes what has come back of a purchase's cash, all in all. */
    void publishReturned(String ref, UUID userId, long cents, long review) {
        publish(writer.command(
                Topics.CREDIT_EVENTS,
                userId.toString(),
                UUID.randomUUID().toString(),
                userId.toString(),
                new CashReturned(userId, ref, cents, review)));
    }

    /** Publishes an event of Stripe as the gateway does. */
    void publishStripeEvent(String type, String account, String body) {
        Envelope envelope =
                Envelope.of("evt_" + UUID.randomUUID(), "/gateway", "stripe." + type, account, Instant.now());
        publish(Outgoing.of(Topics.STRIPE_EVENTS, account, envelope, body.getBytes(StandardCharsets.UTF_8)));
    }

    /** Tells the worker what the account is now. */
    void reportAccount(String accountId) {
        reportAccount(accountId, stripe.account(accountId), Instant.now().getEpochSecond());
    }

    /** Tells the worker what the account was at some time. */
    void reportAccount(String accountId, String object, long created) {
        publishStripeEvent("account.updated", accountId, """
                {"id": "evt_test", "object": "event", "type": "account.updated", "created": %d, "account": "%s",
                 "data": {"object": %s}}""".formatted(created, accountId, object));
    }

    /** Tells the worker how a transfer stands now, as Stripe does when some of it was taken back. */
    void reportReversal(String transfer) {
        reportReversal(transfer, stripe.transfer(transfer));
    }

    void reportReversal(String transfer, String object) {
        publishStripeEvent(
                "transfer.reversed", transfer, """
                {"id": "evt_test", "object": "event", "type": "transfer.reversed", "created": %d,
                 "data": {"object": %s}}""".formatted(Instant.now().getEpochSecond(), object));
    }

    /** Tells the worker that the account's owner has disconnected it. */
    void reportDeauthorized(String accountId) {
        publishStripeEvent("account.application.deauthorized", accountId, """
                {"id": "evt_test", "object": "event", "created": %d, "account": "%s",
                 "data": {"object": {"object": "application"}}}""".formatted(
                        Instant.now().getEpochSecond(), accountId));
    }

    /** A receiver who can be paid, and is known to be. */
    UUID activeReceiver() {
        UUID receiver = UUID.randomUUID();
        activeAccount(receiver);
        return receiver;
    }

    /** Opens an account for a receiver and waits until it is known to be payable; returns its id. */
    String activeAccount(UUID receiver) {
        return activate(receiver, stripe.createAccount(receiver));
    }

    /** Completes an account's onboarding and waits until it is known to be payable; returns its id. */
    String activate(UUID receiver, String account) {
        stripe.onboard(account, "complete");
        reportAccount(account);
        await().atMost(SOON).until(() -> accountOf(receiver).equals(account + " active"));
        return account;
    }

    /** A payout as the gateway sees it. */
    record View(
            UUID id,
            String status,
            @Nullable String reason,
            @Nullable String detail,
            int attempt,
            @Nullable String account,
            @Nullable String transfer,
            long reversedCents) {}

    /** The payout of a job; null while there is none. */
    @Nullable
    View payoutOf(UUID jobId) {
        List<View> views = owner.query(
                "SELECT * FROM api.payout WHERE job_id = ?",
                (row, _) -> new View(
                        row.getObject("id", UUID.class),
                        row.getString("status"),
                        row.getString("reason"),
                        row.getString("detail"),
                        row.getInt("attempt"),
                        row.getString("account_id"),
                        row.getString("transfer_id"),
                        row.getLong("reversed_cents")),
                jobId);
        return views.isEmpty() ? null : views.getFirst();
    }

    UUID receiverOf(UUID jobId) {
        return owner.query(
                        "SELECT receiver FROM api.payout WHERE job_id = ?",
                        (row, _) -> row.getObject(1, UUID.class),
                        jobId)
                .getFirst();
    }

    /** Status and reason of a job's payout. */
    String statusOf(UUID jobId) {
        View payout = payoutOf(jobId);
        if (payout == null) {
            return "none";
        }
        return payout.status() + (payout.reason() == null ? "" : " " + payout.reason());
    }

    /** Waits until a job's payout is as said; if it never is, tells in one line what it is and what nobody has read. */
    void awaitStatus(UUID jobId, String status) {
        try {
            await().atMost(SOON).until(() -> statusOf(jobId).equals(status));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "the payout of job %s is %s instead of %s, after %s; unread: %s"
                            .formatted(jobId, payoutOf(jobId), status, outcomesOf(jobId), unread()),
                    e);
        }
    }

    /** How far the consumers have come in the partitions that they haven't read to the end. */
    private List<String> unread() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", EmbeddedBroker.shared().bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            return owner
                    .query(
                            "SELECT topic, partition, next_offset FROM payouts.partition ORDER BY topic, partition",
                            (row, _) -> Map.entry(new TopicPartition(row.getString(1), row.getInt(2)), row.getLong(3)))
                    .stream()
                    .map(come -> {
                        long end = requireNonNull(
                                consumer.endOffsets(Set.of(come.getKey())).get(come.getKey()));
                        return come.getValue() < end ? come + " of " + end : "";
                    })
                    .filter(each -> !each.isEmpty())
                    .toList();
        }
    }

    /** How many of these jobs have been paid. */
    int countPaid(List<UUID> jobs) {
        return owner.query(
                        "SELECT count(*) FROM api.payout WHERE status = 'paid' AND job_id = ANY (?::uuid[])",
                        (row, _) -> row.getInt(1),
                        (Object) jobs.stream().map(UUID::toString).toArray(String[]::new))
                .getFirst();
    }

    /** The outcomes of the calls made for a job's payout, oldest first. */
    List<String> outcomesOf(UUID jobId) {
        return owner.query(
                "SELECT a.outcome FROM api.payout_attempt a JOIN api.payout p ON p.id = a.payout_id"
                        + " WHERE p.job_id = ? ORDER BY a.number",
                (row, _) -> row.getString(1),
                jobId);
    }

    /** The time between the first and the last answer of Stripe about these jobs. */
    Duration spanOfCalls(List<UUID> jobs) {
        return owner.query(
                        "SELECT (extract(epoch FROM max(a.at) - min(a.at)) * 1000)::bigint FROM api.payout_attempt a"
                                + " JOIN api.payout p ON p.id = a.payout_id WHERE p.job_id = ANY (?::uuid[])",
                        (row, _) -> Duration.ofMillis(row.getLong(1)),
                        (Object) jobs.stream().map(UUID::toString).toArray(String[]::new))
                .getFirst();
    }

    /** How many calls to Stripe were made for these jobs. */
    long countCalls(List<UUID> jobs) {
        return owner.query(
                        "SELECT sum(coalesce(a.calls, 1)) FROM api.payout_attempt a JOIN api.payout p ON p.id = a.payout_id"
                                + " WHERE a.called_at IS NOT NULL AND p.job_id = ANY (?::uuid[])",
                        (row, _) -> row.getLong(1),
                        (Object) jobs.stream().map(UUID::toString).toArray(String[]::new))
                .getFirst();
    }

    /** How long after its creation a payout's first call was answered. */
    long millisUntilFirstOutcome(UUID jobId) {
        return owner.query(
                        "SELECT (extract(epoch FROM a.at - p.created_at) * 1000)::bigint FROM api.payout_attempt a"
                                + " JOIN api.payout p ON p.id = a.payout_id WHERE p.job_id = ? AND a.number = 1",
                        (row, _) -> row.getLong(1),
                        jobId)
                .getFirst();
    }

    /** A receiver's account and its status. */
    String accountOf(UUID receiver) {
        return String.join(
                ",",
                owner.query(
                        "SELECT account_id, status FROM api.receiver_account WHERE receiver = ?",
                        (row, _) -> row.getString(1) + " " + row.getString(2),
                        receiver));
    }

    /** Makes the key of a job's payout older, as time would. */
    void age(UUID jobId, String interval) {
        owner.update(
                "UPDATE payouts.payout SET first_used_at = first_used_at - ?::interval WHERE job_id = ?",
                interval,
                jobId);
    }

    /** Ends the leases of workers that are dead, as time would. */
    void endLeases() {
        owner.update("UPDATE payouts.payout SET lease_until = now() - interval '1 second' WHERE claim IS NOT NULL");
    }
}
