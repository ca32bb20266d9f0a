package dev.paymaster.events.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A whole job as it is after an event.
 *
 * @param creditCost whole credits, fixed when the job was created
 * @param payoutCents what the receiver gets when the job is verified, in cents of a US dollar, fixed at creation
 * @param shadow true when the job was created with Stripe off: no credits were held, and nothing will be paid; cost and
 *     payout say what they would have been
 * @param receiver absent until somebody accepts
 * @param output absent until submitted
 * @param verification absent until verified or rejected; of a queued job, why the result before was rejected
 * @param deadlineAt until when it may stay in its state; absent when there is no limit
 * @param requeues how often it went back to wait for another receiver; absent when it never did
 * @param charged true when it was rejected and its credits were captured all the same; absent otherwise
 * @param cancellation by which time-out it was cancelled; absent when it is not cancelled, or its sender took it back
 */
public record JobSnapshot(
        UUID id,
        JobStatus status,
        String skill,
        long creditCost,
        long payoutCents,
        boolean shadow,
        String prompt,
        @Nullable String title,
        @Nullable String criteria,
        UUID sender,
        @Nullable UUID receiver,
        @Nullable String output,
        @Nullable Verification verification,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant deadlineAt,
        @Nullable Integer requeues,
        @Nullable Boolean charged,
        @Nullable JobCancellation cancellation) {

    /** A job without what was added later. */
    public JobSnapshot(
            UUID id,
            JobStatus status,
            String skill,
            long creditCost,
            long payoutCents,
            boolean shadow,
            String prompt,
            @Nullable String title,
            @Nullable String criteria,
            UUID sender,
            @Nullable UUID receiver,
            @Nullable String output,
            @Nullable Verification verification,
            Instant createdAt,
            Instant updatedAt) {
        this(
                id,
                status,
                skill,
                creditCost,
                payoutCents,
                shadow,
                prompt,
                title,
                criteria,
                sender,
                receiver,
                output,
                verification,
                createdAt,
                updatedAt,
                null,
                null,
                null,
                null);
    }

    /**
     * What the verifier said.
     *
     * @param by absent when somebody judged the result
     */
    public record Verification(
            boolean passed,
            @Nullable String reasoning,
            @Nullable Map<String, Double> scores,
            @Nullable Verifier by) {

        /** Somebody's judgement. */
        public Verification(boolean passed, @Nullable String reasoning, @Nullable Map<String, Double> scores) {
            this(passed, reasoning, scores, null);
        }
    }

    /** Who says whether a result has passed when nobody does; in JSON in lower case. */
    public enum Verifier {
        /** The time in which somebody should have judged it is over. */
        TIMEOUT;

        @JsonValue
        public String json() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
