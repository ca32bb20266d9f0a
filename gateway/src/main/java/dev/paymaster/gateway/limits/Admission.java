package dev.paymaster.gateway.limits;

import dev.paymaster.gateway.http.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
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
                .description("Requests that heard 503 because too many, or too much of their bodies, were in hand")
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
            Counted request = new Counted(exchange.getRequest(), body);
            return chain.filter(exchange.mutate().request(request).build()).doFinally(_ -> {
                inHand.decrementAndGet();
                body.end();
            });
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
}
