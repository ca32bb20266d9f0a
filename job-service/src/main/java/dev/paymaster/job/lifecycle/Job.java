package dev.paymaster.job.lifecycle;

import static java.util.Objects.requireNonNull;

import dev.paymaster.events.job.JobCancellation;
import dev.paymaster.events.job.JobSnapshot;
import dev.paymaster.events.job.JobSnapshot.Verification;
import dev.paymaster.events.job.JobStatus;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A job in one of its states. */
public sealed interface Job {

    /** What was agreed at creation. */
    Terms terms();

    /** How far it has come. */
    Progress progress();

    /** How many changes the job has seen; its creation is the first. */
    default long sequence() {
        return progress().sequence();
    }

    /** A job that waits for a receiver. */
    sealed interface Waiting extends Job {}

    /** A job that has a receiver, who is never its sender. */
    sealed interface Taken extends Job {
        UUID receiver();
    }

    /** Waits for its first receiver. */
    record Queued(Terms terms, Progress progress) implements Waiting {}

    /**
     * Waits for another receiver.
     *
     * @param verdict on the last one's result; null when there was none in time
     */
    record Requeued(
            Terms terms, Progress progress, @Nullable Verification verdict) implements Waiting {
        public Requeued {
            if (progress.requeues() < 1) {
                throw new IllegalArgumentException("job " + terms.id() + " has not been tried yet");
            }
            if (verdict != null) {
                requireVerdict(terms, verdict, false);
            }
        }
    }

    /** A receiver works on it. */
    record Accepted(Terms terms, Progress progress, UUID receiver) implements Taken {
        public Accepted {
            requireOther(terms, receiver);
        }
    }

    /** The receiver has handed in; the sender must judge. */
    record Submitted(Terms terms, Progress progress, UUID receiver, String output) implements Taken {
        public Submitted {
            requireOther(terms, receiver);
        }
    }

    /** Passed: paid for. */
    record Verified(Terms terms, Progress progress, UUID receiver, String output, Verification verification)
            implements Taken {
        public Verified {
            requireOther(terms, receiver);
            requireVerdict(terms, verification, true);
        }
    }

    /**
     * Not passed: the receiver gets nothing.
     *
     * @param charged whether the sender has paid all the same
     */
    record Rejected(
            Terms terms, Progress progress, UUID receiver, String output, Verification verification, boolean charged)
            implements Taken {
        public Rejected {
            requireOther(terms, receiver);
            requireVerdict(terms, verification, false);
        }
    }

    /**
     * Ended without a result.
     *
     * @param timeOut which time-out ended it; null when its sender took it back
     */
    record Cancelled(
            Terms terms, Progress progress, @Nullable JobCancellation timeOut) implements Job {}

    /** The state's name in the contract. */
    default JobStatus status() {
        return switch (this) {
            case Waiting _ -> JobStatus.QUEUED;
            case Accepted _ -> JobStatus.ACCEPTED;
            case Submitted _ -> JobStatus.SUBMITTED;
            case Verified _ -> JobStatus.VERIFIED;
            case Rejected _ -> JobStatus.REJECTED;
            case Cancelled _ -> JobStatus.CANCELLED;
        };
    }

    /**
     * The job that a snapshot shows.
     *
     * @throws NullPointerException when the snapshot lacks what its status needs
     */
    static Job of(JobSnapshot shown, long sequence) {
        Terms terms = Snapshots.terms(shown);
        Progress progress = new Progress(
                sequence, shown.updatedAt(), shown.requeues() == null ? 0 : shown.requeues(), shown.deadlineAt());
        return switch (shown.status()) {
            case QUEUED ->
                shown.requeues() == null
                        ? new Queued(terms, progress)
                        : new Requeued(terms, progress, shown.verification());
            case ACCEPTED -> new Accepted(terms, progress, requireNonNull(shown.receiver(), "receiver"));
            case SUBMITTED ->
                new Submitted(
                        terms,
                        progress,
                        requireNonNull(shown.receiver(), "receiver"),
                        requireNonNull(shown.output(), "output"));
            case VERIFIED ->
                new Verified(
                        terms,
                        progress,
                        requireNonNull(shown.receiver(), "receiver"),
                        requireNonNull(shown.output(), "output"),
                        requireNonNull(shown.verification(), "verification"));
            case REJECTED ->
                new Rejected(
                        terms,
                        progress,
                        requireNonNull(shown.receiver(), "receiver"),
                        requireNonNull(shown.output(), "output"),
                        requireNonNull(shown.verification(), "verification"),
                        Boolean.TRUE.equals(shown.charged()));
            case CANCELLED -> new Cancelled(terms, progress, shown.cancellation());
        };
    }

    /** The job as the contract shows it. */
    default JobSnapshot snapshot() {
        return Snapshots.of(this);
    }

    private static void requireOther(Terms terms, UUID receiver) {
        if (terms.sender().equals(receiver)) {
            throw new IllegalArgumentException("job " + terms.id() + " would be done by its own sender");
        }
    }

    private static void requireVerdict(Terms terms, Verification verification, boolean passed) {
        if (verification.passed() != passed) {
            throw new IllegalArgumentException("job " + terms.id() + " has a state that its verification contradicts");
        }
    }
}
