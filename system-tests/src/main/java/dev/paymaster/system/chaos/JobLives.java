package dev.paymaster.system.chaos;

import dev.paymaster.system.chaos.Journal.Remembered;
import dev.paymaster.system.command.Waiting;
import dev.paymaster.system.world.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Jobs from their creation to their end, one after the other: accepted, submitted, verified or rejected, cancelled, or left
 * behind until their time is over. Each step goes through HTTP or is written to Kafka. For one thread.
 */
final class JobLives {
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int PAYMENT_REQUIRED = 402;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(150);
    /** So that a crowd of these leaves two processors something to do besides. */
    private static final int LONGEST_PAUSE_MILLIS = 250;

    private static final long GRANT = 30;
    private static final long SHORT_LIVED_GRANT = 20;
    private static final int LONGEST_LIFE_MILLIS = 6_000;

    /** After a line with what tells requests apart. */
    private static final String LARGE = "\\n" + "Who invented double-entry bookkeeping? ".repeat(5_000);

    /** Whoever checks reads all of them. */
    private static final int MOST_LARGE = 10;

    private final User sender;
    private final List<User> receivers;
    private final Parts parts;
    private final RandomGenerator random;
    private final Queue<Submitted> submitted = new ConcurrentLinkedQueue<>();
    private int large;

    /**
     * What all of these share.
     *
     * @param mayBePaid whether jobs may be verified already
     * @param endWait lets the deadline of a job in a status pass, unless that isn't possible just then
     */
    record Parts(
            Journal journal,
            KafkaDoor kafka,
            Caller admin,
            BooleanSupplier mayBePaid,
            BiPredicate<String, String> endWait) {}

    /** A job that waits to be verified. */
    private record Submitted(String job, User receiver) {}

    /** What people do with a job: as a path of the API, as a command, and who does it in that command's words. */
    private enum Step {
        CANCEL("cancel", "CancelJob", "sender"),
        ACCEPT("accept", "AcceptJob", "receiver"),
        SUBMIT("submit", "SubmitJob", "receiver"),
        VERIFY("verify", "VerifyJob", "verifier");

        private final String path;
        private final String command;
        private final String role;

        Step(String path, String command, String role) {
            this.path = path;
            this.command = command;
            this.role = role;
        }
    }

    /** @param receivers of whom there may be more later; safe for many threads */
    JobLives(User sender, List<User> receivers, Parts parts, RandomGenerator random) {
        this.sender = sender;
        this.receivers = receivers;
        this.parts = parts;
        this.random = random;
    }

    /** Goes on as long as it is wanted, or until it can't. */
    void run(BooleanSupplier wanted) {
        try {
            live(wanted);
        } catch (GaveUp e) {
            parts.journal().unanswered(String.valueOf(e.getMessage()));
        } catch (Contradicted e) {
            parts.journal().contradiction(String.valueOf(e.getMessage()));
        }
    }

    private void live(BooleanSupplier wanted) {
        while (wanted.getAsBoolean()) {
            Submitted waiting = parts.mayBePaid().getAsBoolean() ? submitted.poll() : null;
            if (waiting != null) {
                verify(waiting);
            } else {
                begin();
            }
            Waiting.pause(Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS)));
        }
    }

    private void begin() {
        if (chance(10)) {
            parts.kafka().createJob(sender.id(), chance(30) ? 2 : 1);
            return;
        }
        if (chance(3)) {
            parts.kafka().litter(KafkaDoor.READ.get(random.nextInt(KafkaDoor.READ.size())), sender.id());
            return;
        }
        if (chance(3)) {
            parts.kafka().grant(sender.id(), SHORT_LIVED_GRANT, Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS)));
        }
        String mark = UUID.randomUUID().toString();
        parts.journal().asks(mark, sender.id());
        Answer created = sender.api().post("/api/jobs", "{\"prompt\": \"" + mark + more() + "\"}");
        if (created.status() == PAYMENT_REQUIRED) {
            grant();
            return;
        }
        String job = settled(created, CREATED).text("/id");
        parts.journal().created(mark, sender.id(), job);
        if (chance(10)) {
            leave(job, "queued", "cancelled", null);
            return;
        }
        if (chance(15)) {
            step(Step.CANCEL, job, sender, "", "cancelled");
            remember(job, "cancelled", null);
            return;
        }
        User receiver = receivers.get(random.nextInt(receivers.size()));
        step(Step.ACCEPT, job, receiver, "", "accepted");
        remember(job, "accepted", receiver);
        if (chance(5)) {
            leave(job, "accepted", "queued", null);
            return;
        }
        step(Step.SUBMIT, job, receiver, "\"output\": \"Florence and Genoa.\"", "submitted");
        remember(job, "submitted", receiver);
        submitted.add(new Submitted(job, receiver));
    }

    private String more() {
        if (!chance(3) || large == MOST_LARGE) {
            return "";
        }
        large++;
        return LARGE;
    }

    private void verify(Submitted waiting) {
        if (chance(10)) {
            leave(waiting.job(), "submitted", "verified", waiting.receiver());
            return;
        }
        boolean passed = !chance(15);
        String becomes = passed ? "verified" : "rejected";
        step(Step.VERIFY, waiting.job(), sender, "\"passed\": " + passed, becomes);
        remember(waiting.job(), becomes, waiting.receiver());
    }

    /** Nobody goes on with it. It is remembered as what a time-out makes of it, though that comes only afterwards. */
    private void leave(String job, String status, String becomes, @Nullable User receiver) {
        while (!parts.endWait().test(job, status)) {
            Waiting.pause(LOOK_AGAIN);
        }
        remember(job, becomes, receiver);
    }

    /** Returns when the job is known to be as it should after this step. */
    private void step(Step step, String job, User who, String fields, String becomes) {
        if (chance(20)) {
            String json = "{\"job_id\": \"" + job + "\", \"" + step.role + "\": \"" + who.id() + "\""
                    + (fields.isEmpty() ? "" : ", " + fields) + "}";
            parts.kafka().command(step.command, sender.id(), json, chance(30) ? 2 : 1);
            awaitStatus(job, becomes);
        } else {
            String to = "/api/jobs/" + job + "/" + step.path;
            settled(fields.isEmpty() ? who.api().post(to) : who.api().post(to, "{" + fields + "}"), OK);
        }
    }

    private void awaitStatus(String job, String status) {
        while (!settled(sender.api().get("/api/jobs/" + job), OK)
                .text("/status")
                .equals(status)) {
            Waiting.pause(LOOK_AGAIN);
        }
    }

    private void grant() {
        String json = "{\"user_id\": \"" + sender.id() + "\", \"amount\": " + GRANT + ", \"reason\": \"chaos\"}";
        settled(parts.admin().post("/api/credits/grants", json), CREATED);
        parts.journal().granted(sender.id(), GRANT);
    }

    private void remember(String job, String status, @Nullable User receiver) {
        parts.journal().job(job, new Remembered(sender.id(), status, receiver == null ? null : receiver.id()));
    }

    /** Anything but what the step must lead to is a contradiction: everybody here does only what is allowed. */
    private Answer settled(Answer answer, int expected) {
        if (answer.status() != expected) {
            throw new Contradicted(answer.toString());
        }
        return answer;
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** An answer that can't be. */
    static final class Contradicted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Contradicted(String answer) {
            super(answer);
        }
    }
}
