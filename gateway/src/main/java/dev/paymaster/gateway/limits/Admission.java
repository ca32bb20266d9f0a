package dev.paymaster.gateway.limits;

import dev.paymaster.gateway.http.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
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
    private final BytesInHand bytesInHand = new BytesInHand();
    private final Counter turnedAway;

    Admission(LimitSettings limits, MeterRegistry meters, ApplicationContext gateway) {
        this.gateway = gateway;
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
            Counted request = new Counted(exchange.getRequest());
            return chain.filter(exchange.mutate().request(request).build()).doFinally(_ -> {
                inHand.decrementAndGet();
                bytesInHand.giveBack(request.taken.get());
            });
        });
    }

    /** Many large bodies, above all such as come slowly, are more than fits into memory, though no more than requests may. */
    private final class Counted extends ServerHttpRequestDecorator {
        private final AtomicLong taken = new AtomicLong();

        Counted(ServerHttpRequest request) {
            super(request);
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return super.getBody().map(this::take);
        }

        private DataBuffer take(DataBuffer part) {
            int bytes = part.readableByteCount();
            try {
                bytesInHand.take(bytes);
                taken.addAndGet(bytes);
                return part;
            } catch (Problem full) {
                DataBufferUtils.release(part);
                turnedAway.increment();
                throw full;
            }
        }
    }
}
