package dev.paymaster.gateway.jobs;

import dev.paymaster.events.MessageTypes;
import dev.paymaster.events.job.JobEvent;
import dev.paymaster.events.job.JobEvent.JobAccepted;
import dev.paymaster.events.job.JobEvent.JobCancelled;
import dev.paymaster.events.job.JobEvent.JobCreated;
import dev.paymaster.events.job.JobEvent.JobRefused;
import dev.paymaster.events.job.JobEvent.JobRejected;
import dev.paymaster.events.job.JobEvent.JobRequeued;
import dev.paymaster.events.job.JobEvent.JobSubmitted;
import dev.paymaster.events.job.JobEvent.JobVerified;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.live.Outcome;
import dev.paymaster.gateway.live.OutcomeAnswers;
import dev.paymaster.messaging.MessageReader;
import java.net.URI;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** What the outcomes of job commands are over HTTP. */
@Component
final class JobAnswers implements OutcomeAnswers {
    private final MessageReader<JobEvent> events = new MessageReader<>(JobEvent.class);

    @Override
    public Set<String> types() {
        return MessageTypes.of(JobEvent.class).keySet();
    }

    @Override
    public ResponseEntity<Object> answer(Outcome outcome) {
        return switch (events.read(outcome.type(), outcome.value())) {
            case JobCreated created ->
                ResponseEntity.created(URI.create("/api/jobs/" + created.job().id()))
                        .body(created.job());
            case JobAccepted accepted -> ResponseEntity.ok(accepted.job());
            case JobSubmitted submitted -> ResponseEntity.ok(submitted.job());
            case JobVerified verified -> ResponseEntity.ok(verified.job());
            case JobRejected rejected -> ResponseEntity.ok(rejected.job());
            case JobRequeued requeued -> ResponseEntity.ok(requeued.job());
            case JobCancelled cancelled -> ResponseEntity.ok(cancelled.job());
            case JobRefused refused -> throw problem(refused);
        };
    }

    private static Problem problem(JobRefused refused) {
        String code = refused.code();
        Problem problem = switch (code) {
            case "insufficient_credits" -> new Problem(HttpStatus.PAYMENT_REQUIRED, code, refused.detail());
            case "unknown_skill" -> Problem.invalidField("skill", refused.detail());
            case "not_found" -> Problem.notFound("job");
            case "idempotency_mismatch" -> Problem.idempotencyMismatch();
            // own_job, invalid_state, and what is yet to come: the job is not in a state for it.
            default -> Problem.conflict(code, refused.detail());
        };
        if (refused.required() != null) {
            problem = problem.with("required", refused.required());
        }
        if (refused.available() != null) {
            problem = problem.with("available", refused.available());
        }
        // The job's status would take the place of the HTTP status, which the problem's own field "status" is.
        return refused.status() == null ? problem : problem.with("job_status", refused.status());
    }
}
