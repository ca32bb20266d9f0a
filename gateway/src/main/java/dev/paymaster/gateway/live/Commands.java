package dev.paymaster.gateway.live;

import dev.paymaster.events.Envelope;
import dev.paymaster.gateway.http.IdempotencyKey;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.limits.AnswerInHand;
import dev.paymaster.gateway.users.Caller;
import dev.paymaster.messaging.Ids;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Sends commands to the workers and answers with what comes of them. Thread-safe; never blocks.
 *
 * <p>With an {@code Idempotency-Key} a command takes effect once, however often and wherever it is sent; the worker's
 * command log has the last word on what the key stands for.
 */
public final class Commands {
    /** Outcomes take milliseconds; a client that has waited this long had better ask again later. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final String MISMATCH = "idempotency_mismatch";

    private final KafkaDoor kafka;
    private final Waits waits;
    private final Outcomes outcomes;
    private final CommandIds ids;
    private final Clock clock;
    private final String source;
    private final Map<String, OutcomeAnswers> answers = new HashMap<>();

    Commands(
            KafkaDoor kafka,
            Waits waits,
            Outcomes outcomes,
            Ids ids,
            Clock clock,
            String source,
            List<OutcomeAnswers> subjects) {
        this.kafka = kafka;
        this.waits = waits;
        this.outcomes = outcomes;
        this.ids = new CommandIds(ids);
        this.clock = clock;
        this.source = source;
        subjects.forEach(subject -> subject.types().forEach(type -> answers.put(type, subject)));
    }

    /**
     * Sends a command and answers with its outcome, or with 202 and where to ask when that takes longer than {@link
     * #PATIENCE}, the client prefers not to wait, too many wait already, or there is no room for the answer.
     *
     * @param key decides the partition
     * @param subject what the command is about
     */
    public Mono<ResponseEntity<Object>> send(
            ServerWebExchange exchange, Caller caller, Channel channel, String key, String subject, Object body) {
        Command command = command(exchange, caller, channel, key, body);
        return Mono.defer(() -> {
            Waits.Wait wait = wantsNoWait(exchange) ? null : waits.open(command.awaited());
            return wait == null ? handOn(command, subject) : await(wait, command, subject);
        });
    }

    /**
     * The answer to a command that the caller has sent before with the same {@code Idempotency-Key}; empty without a key, or as
     * long as there is none. For whoever would refuse now what may have taken effect then.
     */
    public Mono<ResponseEntity<Object>> earlier(
            ServerWebExchange exchange, Caller caller, Channel channel, String key, Object body) {
        Command command = command(exchange, caller, channel, key, body);
        return command.repeatable() ? replayed(command) : Mono.empty();
    }

    private Command command(ServerWebExchange exchange, Caller caller, Channel channel, String key, Object body) {
        String idempotencyKey = IdempotencyKey.of(exchange);
        return Command.of(ids.of(caller.id(), idempotencyKey), channel, key, body, idempotencyKey != null);
    }

    private Mono<ResponseEntity<Object>> replayed(Command command) {
        return logged(command).map(earlier -> answer(earlier.asReplayed()));
    }

    private Mono<ResponseEntity<Object>> handOn(Command command, String subject) {
        return replayed(command).switchIfEmpty(publish(command, subject).thenReturn(pending(command.id())));
    }

    private Mono<ResponseEntity<Object>> await(Waits.Wait wait, Command command, String subject) {
        return Mono.using(
                () -> wait,
                _ -> publish(command, subject)
                        .then(Mono.defer(wait::outcome))
                        .timeout(PATIENCE)
                        .flatMap(event -> command.repeatable() ? confirmed(command, event) : Mono.just(event))
                        .onErrorResume(TimeoutException.class, _ -> lookedUp(command))
                        .filterWhen(outcome -> AnswerInHand.hasRoomFor(outcome.value().length))
                        .map(this::answer)
                        .switchIfEmpty(Mono.fromSupplier(() -> pending(command.id()))),
                Waits.Wait::close);
    }

    /** Sends a command whose outcome nobody waits for; completes when Kafka has it. */
    public Mono<Void> tell(String commandId, Channel channel, String key, String subject, Object body) {
        return publish(Command.of(commandId, channel, key, body, false), subject);
    }

    /** What came of a caller's earlier command: its answer, or 202 as long as there is none. */
    Mono<ResponseEntity<Object>> outcomeOf(Caller caller, String commandId) {
        if (!CommandIds.isOf(caller.id(), commandId)) {
            return Mono.error(Problem.notFound("command"));
        }
        return outcomes.find(commandId)
                .map(logged -> answer(logged.outcome()))
                .switchIfEmpty(Mono.fromSupplier(() -> pending(commandId)));
    }

    private Mono<Void> publish(Command command, String subject) {
        Envelope envelope = Envelope.of(command.id(), source, command.type(), subject, clock.instant());
        return kafka.publish(command.channel().commands(), command.key(), envelope, command.payload());
    }

    /**
     * Several requests may carry the same id at once, here and at other instances, and the event tells only the id. The
     * log tells which of them it stands for.
     */
    private Mono<Outcome> confirmed(Command command, Outcome event) {
        return outcomes.find(command)
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("an outcome stands in no command log")))
                .map(logged -> verdict(command, logged, event.replayed()))
                .onErrorResume(Commands::isWantOfRoom, _ -> Mono.empty());
    }

    private static boolean isVerdict(Throwable failure) {
        return failure instanceof Problem && !isWantOfRoom(failure);
    }

    /** It says nothing of the command, which has been accepted. */
    private static boolean isWantOfRoom(Throwable failure) {
        return failure instanceof Problem problem && problem.status().is5xxServerError();
    }

    /** The command is accepted: a look-up that fails is no reason to have it sent again. */
    private Mono<Outcome> lookedUp(Command command) {
        return logged(command).timeout(PATIENCE).onErrorResume(failure -> !isVerdict(failure), _ -> Mono.empty());
    }

    private Mono<Outcome> logged(Command command) {
        return outcomes.find(command).map(logged -> verdict(command, logged, false));
    }

    private static Outcome verdict(Command command, Outcomes.Logged logged, boolean replayed) {
        if (!logged.isOf(command)) {
            throw Problem.idempotencyMismatch();
        }
        return replayed ? logged.outcome().asReplayed() : logged.outcome();
    }

    private ResponseEntity<Object> answer(Outcome outcome) {
        OutcomeAnswers subject = answers.get(outcome.type());
        if (subject == null) {
            throw new IllegalStateException("nobody answers for " + outcome.type());
        }
        ResponseEntity<Object> answer = replayable(subject, outcome);
        return outcome.replayed()
                ? ResponseEntity.status(answer.getStatusCode())
                        .headers(answer.getHeaders())
                        .header(IdempotencyKey.REPLAYED_HEADER, "true")
                        .body(answer.getBody())
                : answer;
    }

    private static ResponseEntity<Object> replayable(OutcomeAnswers subject, Outcome outcome) {
        try {
            return subject.answer(outcome);
        } catch (Problem refusal) {
            throw outcome.replayed() && !refusal.code().equals(MISMATCH)
                    ? refusal.withHeader(IdempotencyKey.REPLAYED_HEADER, "true")
                    : refusal;
        }
    }

    private static ResponseEntity<Object> pending(String commandId) {
        return ResponseEntity.status(HttpStatus.ACCEPTED)
                .header("Location", "/api/commands/" + commandId)
                .header("Retry-After", "1")
                .body(Map.of("command_id", commandId, "status", "pending"));
    }

    private static boolean wantsNoWait(ServerWebExchange exchange) {
        return exchange.getRequest().getHeaders().getOrEmpty("Prefer").stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .anyMatch(preference -> preference.strip().equalsIgnoreCase("respond-async"));
    }
}
