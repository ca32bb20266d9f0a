package dev.paymaster.gateway.limits;

import dev.paymaster.gateway.http.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Turns away what is above capacity before anything is done for it, so what was let in is done, and memory is bounded.
 * Stripe's webhook comes before it: however many call the API, events are taken.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 2) // after the webhook, before everything that costs
final class Admission implements WebFilter {
    private final ApplicationContext gateway;
    private final int max;
    private final AtomicInteger inHand;
    private final int maxBody;
    private final BytesInHand bytesInHand = new BytesInHand();
    private final BytesInHand answersInHand = new BytesInHand();
    private final Counter turnedAway;

    Admission(
            LimitSettings limits,
            @Value("${spring.http.codecs.max-in-memory-size}") DataSize maxBody,
            MeterRegistry meters,
            ApplicationContext gateway) {
        this.gateway = gateway;
        this.maxBody = Math.toIntExact(maxBody.toBytes());
        this.max = limits.requests();
        this.inHand = new AtomicInteger();
        Gauge.builder("paymaster.http.in.hand", inHand, AtomicInteger::get)
                .description("Requests that are being answered, without Stripe's events")
                .register(meters);
        this.turnedAway = Counter.builder("paymaster.http.turned.away")
                .description(
                        "Requests that heard 503 because too many, or too much of their bodies or answers, were in hand")
                .register(meters);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!gateway.equals(exchange.getApplicationContext())) {
            return chain.filter(exchange); // of the management port: whoever asks for health must hear, above all now
        }
        return Mono.defer(() -> {
            if (inHand.incrementAndGet() > max) {
                inHand.decrementAndGet();
                turnedAway.increment();
                return Mono.error(Problem.unavailable("overloaded", "too many requests at once; try again"));
            }
            BodyInHand body = bytesInHand.body(maxBody);
            AnswerInHand answer = new AnswerInHand(answersInHand, turnedAway::increment);
            ServerWebExchange counted = exchange.mutate()
                    .request(new Counted(exchange.getRequest(), body))
                    .response(new CountedAnswer(exchange.getResponse(), answer))
                    .build();
            return chain.filter(counted)
                    .doFinally(_ -> {
                        inHand.decrementAndGet();
                        body.end();
                        answer.end();
                    })
                    .contextWrite(answer::in);
        });
    }

    /** Many large bodies, above all such as come slowly, are more than fits into memory, though no more than requests may. */
    private final class Counted extends ServerHttpRequestDecorator {
        private final BodyInHand body;

        Counted(ServerHttpRequest request, BodyInHand body) {
            super(request);
            this.body = body;
        }

        @Override
        public Flux<DataBuffer> getBody() {
            // What is taken doesn't go on: whoever throws a part away would release it once more.
            return super.getBody()
                    .<DataBuffer>handle((part, _) -> take(part))
                    .concatWith(Flux.defer(() -> Flux.just(body.bytes()))
                            .filter(bytes -> bytes.length > 0)
                            .map(DefaultDataBufferFactory.sharedInstance::wrap));
        }

        private void take(DataBuffer part) {
            try {
                body.append(part);
            } catch (Problem refused) {
                if (refused.status().is5xxServerError()) {
                    turnedAway.increment();
                }
                throw refused;
            }
        }
    }

    /** A large answer stays in memory for as long as its client doesn't read; one that comes in parts isn't all there at once. */
    private static final class CountedAnswer extends ServerHttpResponseDecorator {
        private final AnswerInHand answer;

        CountedAnswer(ServerHttpResponse response, AnswerInHand answer) {
            super(response);
            this.answer = answer;
        }

        @Override
        public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
            return super.writeWith(
                    body instanceof Mono<? extends DataBuffer> whole ? whole.doOnNext(this::take) : body);
        }

        private void take(DataBuffer whole) {
            try {
                answer.become(whole.readableByteCount());
            } catch (Problem full) {
                DataBufferUtils.release(whole);
                throw full;
            }
        }
    }
}
