package dev.paymaster.job;

import dev.paymaster.events.Topics;
import dev.paymaster.events.job.JobCommand.TimeOutJob;
import dev.paymaster.events.job.JobStatus;
import dev.paymaster.job.OverdueJobs.Overdue;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.messaging.outbox.Publisher;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Says of overdue jobs that they are, as commands under their sender's key. It changes nothing itself: whether a job is
 * timed out is decided on its partition, after everything that came before. Every instance runs one, and what several of
 * them say of a job takes effect once.
 */
final class DeadlineTimer implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(DeadlineTimer.class);

    /** A job that is still overdue after this long is reported again, in case the first command came to nothing. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    /** At most so many of each state in one round: they fit the memory, and the next round comes soon. */
    private static final int ROUND = 1_000;

    /** A round that is under way at a stop has this long to end; the next instance says the same under the same ids. */
    private static final Duration SHUTDOWN = Duration.ofSeconds(2);

    /** A timer that hasn't finished a round for this long hangs: Kafka that is away is given up before. */
    private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final OverdueJobs jobs;
    private final Set<JobStatus> states;
    private final EventWriter events;
    private final Publisher publisher;
    private final Clock clock;
    private final TimerSettings settings;
    private @Nullable Running running;
    private volatile long seenNanos = System.nanoTime();

    /** @param states those in which something happens to an overdue job */
    DeadlineTimer(
            OverdueJobs jobs,
            Set<JobStatus> states,
            EventWriter events,
            Publisher publisher,
            Clock clock,
            TimerSettings settings) {
        this.jobs = jobs;
        this.states = Set.copyOf(states);
        this.events = events;
        this.publisher = publisher;
        this.clock = clock;
        this.settings = settings;
    }

    @Override
    public synchronized void start() {
        if (running == null) {
            seenNanos = System.nanoTime();
            running = new Running();
            running.thread.start();
        }
    }

    @Override
    public synchronized void stop() {
        if (running != null) {
            running.stop();
            running = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running != null;
    }

    /** Whether it has looked for overdue jobs lately, or tried to. */
    synchronized boolean isAlive() {
        return running != null && running.thread.isAlive() && System.nanoTime() - seenNanos < SILENCE_NANOS;
    }

    /** Started after the consumer, which brings the topics, and stopped before it. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 50;
    }

    private final class Running {
        private final Thread thread = new Thread(this::run, "job-deadlines");
        private final CountDownLatch stopping = new CountDownLatch(1);

        /** What was said of the jobs that were overdue in the last round, by job: it needn't be said again. */
        private Map<UUID, String> said = Map.of();

        private void run() {
            try {
                do {
                    tryRound();
                    seenNanos = System.nanoTime();
                } while (!stopping.await(settings.poll().toMillis(), TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Whatever fails is tried again in the next round, under the same ids. */
        private void tryRound() {
            try {
                round();
            } catch (RuntimeException e) {
                LOG.warn("overdue jobs wait for the next round, in {}: {}", settings.poll(), e.toString());
            }
        }

        private void round() {
            Instant now = clock.instant();
            Map<UUID, String> ids = new HashMap<>();
            List<Outgoing> commands = new ArrayList<>();
            for (Overdue job : jobs.find(states, now, ROUND)) {
                String id = job.commandId(now, PATIENCE);
                ids.put(job.id(), id);
                if (!id.equals(said.get(job.id()))) {
                    commands.add(command(id, job));
                }
            }
            publisher.publish(commands);
            said = ids;
            if (!commands.isEmpty()) {
                LOG.debug("{} jobs are overdue", commands.size());
            }
        }

        private void stop() {
            stopping.countDown();
            try {
                if (!thread.join(SHUTDOWN)) {
                    thread.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                thread.interrupt();
            }
        }
    }

    private Outgoing command(String id, Overdue job) {
        return events.command(
                Topics.JOB_COMMANDS,
                job.sender().toString(),
                id,
                job.id().toString(),
                new TimeOutJob(job.id(), job.sender(), job.sequence()));
    }
}
