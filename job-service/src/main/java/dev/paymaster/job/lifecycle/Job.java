package dev.paymaster.job.lifecycle;

import static java.util.Objects.requireNonNull;

import dev.paymaster.events.job.JobSnapshot;
import dev.paymaster.events.job.JobSnapshot.Verification;
import dev.paymaster.events.job.JobStatus;
import java.time.Instant;
import java.util.UUID;

/** A job in one of its states. */
public sealed interface Job {

    /** What was agreed at creation. */
    Terms terms();

    /** How many changes the job has seen; its creation is the first. */
    long sequence();

    /** When it last changed. */
    Instant updatedAt();

    /** A job that has a receiver, who is never its sender. */
    sealed interface Taken extends Job {
        UUID receiver();
    }

    /** Waits for a receiver. */
    record Queued(Terms terms, long sequence, Instant updatedAt) implements Job {}

    /** A receiver works on it. */
    record Accepted(Terms terms, long sequence, Instant updatedAt, UUID receiver) implements Taken {
        public Accepted {
            requireOther(terms, receiver);
        }
    }

    /** The receiver has handed in; the sender must judge. */
    record Submitted(Terms terms, long sequence, Instant updatedAt, UUID receiver, String output) implements Taken {
        public Submitted {
            requireOther(terms, receiver);
        }
    }

    /** Passed: paid for. */
    record Verified(
            Terms terms, long sequence, Instant updatedAt, UUID receiver, String output, Verification verification)
            implements Taken {
        public Verified {
            requireOther(terms, receiver);
            requireVerdict(terms, verification, true);
        }
    }

    /** Not passed: not paid for. */
    record Rejected(
            Terms terms, long sequence, Instant updatedAt, UUID receiver, String output, Verification verification)
            implements Taken {
        public Rejected {
            requireOther(terms, receiver);
            requireVerdict(terms, verification, false);
        }
    }

    /** Taken back before anybody accepted it. */
    record Cancelled(Terms terms, long sequence, Instant updatedAt) implements Job {}

    /** The state's name in the contract. */
    default JobStatus status() {
        return switch (this) {
            case Queued _ -> JobStatus.QUEUED;
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
        Instant at = shown.updatedAt();
        return switch (shown.status()) {
            case QUEUED -> new Queued(terms, sequence, at);
            case ACCEPTED -> new Accepted(terms, sequence, at, requireNonNull(shown.receiver(), "receiver"));
            case SUBMITTED ->
                new Submitted(
                        terms,
                        sequence,
                        at,
                        requireNonNull(shown.receiver(), "receiver"),
                        requireNonNull(shown.output(), "output"));
            case VERIFIED ->
                new Verified(
                        terms,
                        sequence,
                        at,
                        requireNonNull(shown.receiver(), "receiver"),
                        requireNonNull(shown.output(), "output"),
                        requireNonNull(shown.verification(), "verification"));
            case REJECTED ->
                new Rejected(
                        terms,
                        sequence,
                        at,
                        requireNonNull(shown.receiver(), "receiver"),
                        requireNonNull(shown.output(), "output"),
                        requireNonNull(shown.verification(), "verification"));
            case CANCELLED -> new Cancelled(terms, sequence, at);
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
