package dev.paymaster.gateway.jobs;

import dev.paymaster.events.job.JobCommand;
import dev.paymaster.events.job.JobCommand.AcceptJob;
import dev.paymaster.events.job.JobCommand.CancelJob;
import dev.paymaster.events.job.JobCommand.CreateJob;
import dev.paymaster.events.job.JobCommand.SubmitJob;
import dev.paymaster.events.job.JobCommand.VerifyJob;
import dev.paymaster.events.job.JobSnapshot;
import dev.paymaster.gateway.http.Inputs;
import dev.paymaster.gateway.http.Page;
import dev.paymaster.gateway.http.PageRequest;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.live.Channel;
import dev.paymaster.gateway.live.Commands;
import dev.paymaster.gateway.users.Caller;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Jobs over HTTP. Every change is a command whose outcome is the answer; nothing is decided here. */
@RestController
final class JobsController {
    private static final String DEFAULT_SKILL = "research";
    private static final String JOB = "job";

    private final JobList jobs;
    private final Commands commands;

    JobsController(JobList jobs, Commands commands) {
        this.jobs = jobs;
        this.commands = commands;
    }

    record NewJob(
            @Nullable String prompt,
            @Nullable String skill,
            @Nullable String title,
            @Nullable String criteria) {}

    record Submission(@Nullable String output) {}

    record Verdict(
            @Nullable Boolean passed,
            @Nullable String reasoning,
            @Nullable Map<String, Double> scores) {}

    @PostMapping("/api/jobs")
    Mono<ResponseEntity<Object>> create(
            ServerWebExchange exchange, @AuthenticationPrincipal Caller caller, @RequestBody NewJob wanted) {
        String skill = wanted.skill() == null ? DEFAULT_SKILL : wanted.skill();
        CreateJob command = Inputs.checked(() -> new CreateJob(
                caller.id(), skill, Inputs.required("prompt", wanted.prompt()), wanted.title(), wanted.criteria()));
        String sender = caller.id().toString();
        return commands.send(exchange, caller, Channel.JOB, sender, sender, command);
    }

    @GetMapping("/api/jobs")
    Mono<Page<JobSnapshot>> list(
            @AuthenticationPrincipal Caller caller, @RequestParam MultiValueMap<String, String> query) {
        return jobs.page(JobFilter.of(caller, query), PageRequest.of(query));
    }

    @GetMapping("/api/jobs/{id}")
    Mono<JobSnapshot> one(@AuthenticationPrincipal Caller caller, @PathVariable("id") String id) {
        return jobs.find(Inputs.id(JOB, id), caller).switchIfEmpty(Mono.error(() -> Problem.notFound(JOB)));
    }

    @PostMapping("/api/jobs/{id}/accept")
    Mono<ResponseEntity<Object>> accept(
            ServerWebExchange exchange, @AuthenticationPrincipal Caller caller, @PathVariable("id") String id) {
        UUID jobId = Inputs.id(JOB, id);
        return change(exchange, caller, jobId, () -> new AcceptJob(jobId, caller.id()));
    }

    @PostMapping("/api/jobs/{id}/submit")
    Mono<ResponseEntity<Object>> submit(
            ServerWebExchange exchange,
            @AuthenticationPrincipal Caller caller,
            @PathVariable("id") String id,
            @RequestBody Submission submission) {
        UUID jobId = Inputs.id(JOB, id);
        return change(
                exchange,
                caller,
                jobId,
                () -> new SubmitJob(jobId, caller.id(), Inputs.required("output", submission.output())));
    }

    @PostMapping("/api/jobs/{id}/verify")
    Mono<ResponseEntity<Object>> verify(
            ServerWebExchange exchange,
            @AuthenticationPrincipal Caller caller,
            @PathVariable("id") String id,
            @RequestBody Verdict verdict) {
        UUID jobId = Inputs.id(JOB, id);
        UUID verifier = caller.admin() ? null : caller.id();
        return change(
                exchange,
                caller,
                jobId,
                () -> new VerifyJob(
                        jobId,
                        verifier,
                        Inputs.required("passed", verdict.passed()),
                        verdict.reasoning(),
                        verdict.scores()));
    }

    @PostMapping("/api/jobs/{id}/cancel")
    Mono<ResponseEntity<Object>> cancel(
            ServerWebExchange exchange, @AuthenticationPrincipal Caller caller, @PathVariable("id") String id) {
        UUID jobId = Inputs.id(JOB, id);
        return change(exchange, caller, jobId, () -> new CancelJob(jobId, caller.id()));
    }

    /**
     * All commands of a job go to its sender's partition, so that they keep their order. One about no job goes the same way, by its
     * caller's, and is refused there: answered here, it would tell that others' jobs, which are refused there, exist. Should the job
     * appear meanwhile, its row is locked by whoever decides.
     */
    private Mono<ResponseEntity<Object>> change(
            ServerWebExchange exchange, Caller caller, UUID jobId, Supplier<JobCommand> change) {
        JobCommand command = Inputs.checked(change);
        return jobs.senderOf(jobId)
                .defaultIfEmpty(caller.id())
                .flatMap(sender ->
                        commands.send(exchange, caller, Channel.JOB, sender.toString(), jobId.toString(), command));
    }
}
