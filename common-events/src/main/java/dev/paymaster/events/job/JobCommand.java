package dev.paymaster.events.job;

import dev.paymaster.events.Text;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of job-service. The envelope's id is the idempotency key: the same id and the same content give the
 * stored outcome again, the same id with other content is refused with {@code idempotency_mismatch}.
 *
 * <p>The outcome of each command is exactly one {@link JobEvent} whose {@code causationid} is the command's id.
 */
public sealed interface JobCommand {

    /** Asks for a job; holds the skill's credits of the sender, or is refused with {@code insufficient_credits}. */
    record CreateJob(
            UUID sender,
            String skill,
            String prompt,
            @Nullable String title,
            @Nullable String criteria) implements JobCommand {
        public CreateJob {
            Objects.requireNonNull(sender, "sender is missing");
            Text.require("skill", skill, Text.MAX_LINE);
            Text.require("prompt", prompt, Text.MAX_BODY);
            Text.allow("title", title, Text.MAX_LINE);
            Text.allow("criteria", criteria, Text.MAX_BODY);
        }
    }

    /** A receiver takes a queued job; nobody takes a job of his own. */
    record AcceptJob(UUID jobId, UUID receiver) implements JobCommand {
        public AcceptJob {
            Objects.requireNonNull(jobId, "job_id is missing");
            Objects.requireNonNull(receiver, "receiver is missing");
        }
    }

    /** The receiver hands in the result of an accepted job. */
    record SubmitJob(UUID jobId, UUID receiver, String output) implements JobCommand {
        public SubmitJob {
            Objects.requireNonNull(jobId, "job_id is missing");
            Objects.requireNonNull(receiver, "receiver is missing");
            Text.require("output", output, Text.MAX_BODY);
        }
    }

    /**
     * The sender passes or rejects a submitted job. Passing captures the credits and owes the receiver the payout;
     * rejecting gives the credits back.
     *
     * @param verifier who verifies, which must be the job's sender; absent when the platform itself does
     * @param scores kept in the order of their names, so that the same command is always the same JSON
     */
    record VerifyJob(
            UUID jobId,
            @Nullable UUID verifier,
            boolean passed,
            @Nullable String reasoning,
            @Nullable Map<String, Double> scores)
            implements JobCommand {
        public VerifyJob {
            Objects.requireNonNull(jobId, "job_id is missing");
            Text.allow("reasoning", reasoning, Text.MAX_BODY);
            scores = scores == null ? null : inOrder(scores);
        }
    }

    private static Map<String, Double> inOrder(Map<String, Double> scores) {
        SortedMap<String, Double> ordered = new TreeMap<>();
        scores.forEach((name, score) -> {
            Text.allow("scores", name, Text.MAX_LINE);
            if (score == null || !Double.isFinite(score)) {
                throw new IllegalArgumentException("scores has no finite number for " + name);
            }
            ordered.put(name, score);
        });
        return Collections.unmodifiableSortedMap(ordered);
    }

    /** The sender takes back a job that nobody has accepted yet; the credits come back. */
    record CancelJob(UUID jobId, UUID sender) implements JobCommand {
        public CancelJob {
            Objects.requireNonNull(jobId, "job_id is missing");
            Objects.requireNonNull(sender, "sender is missing");
        }
    }

    /**
     * A timer found that a job has stayed in its state for too long; what happens then is laid down in the settings of
     * job-service, which also looks at the deadline itself. Refused with {@code moved_on} when the job has changed since,
     * so that a result that came first stands.
     *
     * @param sender the job's sender; the record's key
     * @param sequence of the change that brought the job where the timer found it
     */
    record TimeOutJob(UUID jobId, UUID sender, long sequence) implements JobCommand {
        public TimeOutJob {
            Objects.requireNonNull(jobId, "job_id is missing");
            Objects.requireNonNull(sender, "sender is missing");
            if (sequence <= 0) {
                throw new IllegalArgumentException("sequence must be positive");
            }
        }
    }
}
