package dev.paymaster.gateway.http;

import dev.paymaster.gateway.database.Transactions;
import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.Sha256;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Lets a POST that the gateway carries out itself be sent again: with an {@code Idempotency-Key}, the same request gets
 * its first answer again. Keys are each API key's own and are remembered for {@link AnsweredCalls#MEMORY}. A refusal is not
 * remembered, as nothing has happened. Thread-safe.
 */
@Component
public final class RepeatableCalls {
    private static final Logger LOG = LoggerFactory.getLogger(RepeatableCalls.class);

    /** Beyond what any call takes, its calls to Stripe included. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    private final AnsweredCalls answered;
    private final Transactions transactions;

    RepeatableCalls(AnsweredCalls answered, Transactions transactions) {
        this.answered = answered;
        this.transactions = transactions;
    }

    /** An answer as it is kept. */
    private record Kept(int status, JsonNode body) {}

    /** A request that may come again. */
    private record Repeatable(byte[] id, byte[] requestHash, String secret) {}

    /**
     * Carries out a call that reaches beyond the database, unless it has been answered before.
     *
     * <p>What an instance that dies leaves behind:
     * <ul>
     *   <li>before the claim: nothing;
     *   <li>after the claim, in the call, or before its answer is kept: a claim without an answer. Until its lease ends, a
     *       repetition hears 409; then the call is made again. So whatever it does must be found again, or carry an
     *       idempotency key of its own: it may run twice, and must not count twice;
     *   <li>after the answer is kept: everything. A repetition gets the answer.
     * </ul>
     * An answer that cannot be kept is the same as a death before it: the claim stays. Only a call that itself failed gives
     * its claim back, and if even that fails, the lease does it.
     *
     * @param request what makes it the same request, beside its method and path
     */
    public Mono<ResponseEntity<Object>> once(
            ServerWebExchange exchange, Object request, Supplier<Mono<ResponseEntity<Object>>> call) {
        Repeatable repeatable = repeatable(exchange, request);
        return repeatable == null
                ? Mono.defer(call)
                : once(repeatable, () -> Mono.defer(call).onErrorResume(failure -> released(repeatable, failure)));
    }

    /**
     * Carries out a call whose whole effect is in the database, unless it has been answered before. Claim, effect and answer
     * are one transaction: whoever dies before its COMMIT leaves nothing, after it everything, and no lease has to end
     * first. A repetition while the call is under way waits for its transaction, no longer than for any lock.
     *
     * @param request what makes it the same request, beside its method and path
     */
    public Mono<ResponseEntity<Object>> onceInDatabase(
            ServerWebExchange exchange, Object request, Supplier<Mono<ResponseEntity<Object>>> call) {
        Repeatable repeatable = repeatable(exchange, request);
        return repeatable == null ? Mono.defer(call) : once(repeatable, call).as(transactions::around);
    }

    private static @Nullable Repeatable repeatable(ServerWebExchange exchange, Object request) {
        String key = IdempotencyKey.of(exchange);
        if (key == null) {
            return null;
        }
        String secret = Objects.requireNonNull(BearerKey.of(exchange), "such calls need an API key") + "\n" + key;
        byte[] requestHash = Sha256.of(Codec.write(new Object[] {
            exchange.getRequest().getMethod().name(),
            exchange.getRequest().getPath().value(),
            request
        }));
        return new Repeatable(Sha256.of(secret), requestHash, secret);
    }

    private Mono<ResponseEntity<Object>> once(Repeatable repeatable, Supplier<Mono<ResponseEntity<Object>>> call) {
        return answered.claim(repeatable.id(), repeatable.requestHash(), LEASE)
                .flatMap(claimed -> claimed
                        ? Mono.defer(call).flatMap(answer -> kept(repeatable, answer))
                        : answered.find(repeatable.id())
                                .map(earlier -> again(earlier, repeatable))
                                .switchIfEmpty(Mono.error(RepeatableCalls::underWay)));
    }

    private Mono<ResponseEntity<Object>> kept(Repeatable repeatable, ResponseEntity<Object> answer) {
        Kept kept = new Kept(answer.getStatusCode().value(), Codec.json().valueToTree(answer.getBody()));
        return answered.keep(repeatable.id(), SealedAnswer.seal(repeatable.secret(), Codec.write(kept)))
                .thenReturn(answer);
    }

    private Mono<ResponseEntity<Object>> released(Repeatable repeatable, Throwable failure) {
        return answered.release(repeatable.id())
                .onErrorResume(second -> {
                    LOG.warn("a call that failed keeps its claim until the lease ends: {}", second.toString());
                    return Mono.empty();
                })
                .then(Mono.error(failure));
    }

    private static ResponseEntity<Object> again(AnsweredCalls.Call earlier, Repeatable repeatable) {
        if (!Arrays.equals(earlier.requestHash(), repeatable.requestHash())) {
            throw Problem.idempotencyMismatch();
        }
        byte @Nullable [] answer = earlier.answer();
        if (answer == null) {
            throw underWay();
        }
        Kept kept = Codec.read(SealedAnswer.open(repeatable.secret(), answer), Kept.class);
        return ResponseEntity.status(kept.status())
                .header(IdempotencyKey.REPLAYED_HEADER, "true")
                .body(kept.body());
    }

    private static Problem underWay() {
        return Problem.conflict("idempotency_key_in_use", "the first request with this key is still under way")
                .retryAfter(Duration.ofSeconds(1));
    }
}
