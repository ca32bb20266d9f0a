package dev.paymaster.gateway.http;

import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.Sha256;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Lets a POST that the gateway carries out itself be sent again: with an {@code Idempotency-Key}, the same request gets
 * its first answer again. Keys are each API key's own and are remembered for {@link AnsweredCalls#MEMORY}.
 *
 * <p>An instance that dies in the middle leaves a lease, after which the call may be made again; what it does at Stripe
 * carries an idempotency key of its own. A refusal is not remembered, as nothing has happened. Thread-safe.
 */
@Component
public final class RepeatableCalls {
    /** Beyond what any call takes, its calls to Stripe included. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    private final AnsweredCalls answered;
    private final Clock clock;

    RepeatableCalls(AnsweredCalls answered, Clock clock) {
        this.answered = answered;
        this.clock = clock;
    }

    /** An answer as it is kept. */
    private record Kept(int status, JsonNode body) {}

    /**
     * Carries out a call, unless it has been answered before.
     *
     * @param request what makes it the same request, beside its method and path
     */
    public Mono<ResponseEntity<Object>> once(
            ServerWebExchange exchange, Object request, Supplier<Mono<ResponseEntity<Object>>> call) {
        String key = IdempotencyKey.of(exchange);
        if (key == null) {
            return Mono.defer(call);
        }
        String secret = Objects.requireNonNull(BearerKey.of(exchange), "such calls need an API key") + "\n" + key;
        byte[] id = Sha256.of(secret);
        byte[] requestHash = Sha256.of(Codec.write(new Object[] {
            exchange.getRequest().getMethod().name(),
            exchange.getRequest().getPath().value(),
            request
        }));
        Instant now = clock.instant();
        return answered.claim(id, requestHash, now, now.plus(LEASE))
                .flatMap(claimed -> claimed
                        ? carryOut(id, secret, call)
                        : answered.find(id)
                                .map(earlier -> again(earlier, requestHash, secret))
                                .switchIfEmpty(Mono.error(RepeatableCalls::underWay)));
    }

    private Mono<ResponseEntity<Object>> carryOut(
            byte[] id, String secret, Supplier<Mono<ResponseEntity<Object>>> call) {
        return Mono.defer(call)
                .flatMap(answer -> answered.keep(id, SealedAnswer.seal(secret, kept(answer)))
                        .thenReturn(answer))
                .onErrorResume(failure -> answered.release(id).then(Mono.error(failure)));
    }

    private static byte[] kept(ResponseEntity<Object> answer) {
        return Codec.write(new Kept(answer.getStatusCode().value(), Codec.json().valueToTree(answer.getBody())));
    }

    private static ResponseEntity<Object> again(AnsweredCalls.Call earlier, byte[] requestHash, String secret) {
        if (!Arrays.equals(earlier.requestHash(), requestHash)) {
            throw Problem.idempotencyMismatch();
        }
        byte @Nullable [] answer = earlier.answer();
        if (answer == null) {
            throw underWay();
        }
        Kept kept = Codec.read(SealedAnswer.open(secret, answer), Kept.class);
        return ResponseEntity.status(kept.status())
                .header(IdempotencyKey.REPLAYED_HEADER, "true")
                .body(kept.body());
    }

    private static Problem underWay() {
        return Problem.conflict("idempotency_key_in_use", "the first request with this key is still under way")
                .retryAfter(Duration.ofSeconds(1));
    }
}
