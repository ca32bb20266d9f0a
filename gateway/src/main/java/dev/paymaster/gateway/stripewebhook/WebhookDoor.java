package dev.paymaster.gateway.stripewebhook;

import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.limits.AddressLimit;
import dev.paymaster.gateway.limits.BodyInHand;
import dev.paymaster.gateway.limits.BytesInHand;
import dev.paymaster.gateway.limits.LimitSettings;
import dev.paymaster.gateway.stripe.StripeCalls;
import dev.paymaster.gateway.stripe.StripeSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Takes Stripe's events. 200 means that Kafka has the event on every replica that must have it; anything else makes Stripe
 * send it again, for three days.
 *
 * <p>It stands before all that is for callers and browsers: a signature takes the place of a key, and nothing else is
 * called as often. Only what is addressed to it exactly is let in; everything else goes on to where keys are asked for.
 *
 * <p>An address that has been refused too often hears 429 in place of 400, and is let in all the same with what Stripe has
 * signed: behind a proxy, it may be Stripe's, too. To find that out costs little, as what can't be Stripe's mostly shows in
 * its header, and is refused before its body is read.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1) // only a request's id comes before
final class WebhookDoor implements WebFilter {
    private static final String PATH = "/api/stripe/webhook";

    /** Larger than any event that Stripe sends. */
    private static final int MAX_BODY_BYTES = 4 << 20;

    private static final byte[] RECEIVED = "{\"received\":true}".getBytes(StandardCharsets.US_ASCII);

    private final StripeSettings stripe;
    private final SignatureCheck signatures;
    private final StripeEvents events;
    private final AddressLimit strangers;
    private final Clock clock;
    private final BytesInHand bytesInHand = new BytesInHand();
    private final Counter taken;
    private final Counter refused;

    WebhookDoor(StripeSettings stripe, StripeEvents events, LimitSettings limits, Clock clock, MeterRegistry meters) {
        this.stripe = stripe;
        this.signatures = new SignatureCheck(stripe.webhookSecret());
        this.events = events;
        this.strangers = new AddressLimit(limits.perAddress());
        this.clock = clock;
        this.taken = counter(meters, "taken");
        this.refused = counter(meters, "refused");
    }

    private static Counter counter(MeterRegistry meters, String outcome) {
        return Counter.builder("paymaster.webhook.events")
                .description("Events of Stripe by what came of them")
                .tag("outcome", outcome)
                .register(meters);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        return request.getMethod().equals(HttpMethod.POST)
                        && request.getPath().pathWithinApplication().value().equals(PATH)
                ? receive(exchange)
                : chain.filter(exchange);
    }

    private Mono<Void> receive(ServerWebExchange exchange) {
        // As a controller's would be, in the metrics.
        ServerRequestObservationContext.findCurrent(exchange.getAttributes())
                .ifPresent(observed -> observed.setPathPattern(PATH));
        if (!stripe.isOn()) {
            return Mono.error(StripeCalls.notConfigured());
        }
        HttpHeaders headers = exchange.getRequest().getHeaders();
        SignatureCheck.Claim claim;
        try {
            if (headers.getContentLength() > MAX_BODY_BYTES) {
                throw Problem.tooLarge();
            }
            claim = signatures.read(headers.getFirst(SignatureCheck.HEADER), clock.instant());
        } catch (Problem problem) {
            return Mono.error(refused(exchange, problem));
        }
        return Mono.defer(() -> {
                    BodyInHand body = bytesInHand.bodyOfStranger(MAX_BODY_BYTES, exchange);
                    return read(exchange, body)
                            .then(Mono.defer(
                                    () -> publish(exchange, claim, body).publishOn(loopOf(exchange))))
                            .doFinally(_ -> body.end());
                })
                .then(Mono.defer(() -> confirm(exchange.getResponse())));
    }

    /**
     * Whoever it is: nobody has shown a signature yet. So what is in hand at once, until Kafka has it, is bounded, by what has
     * come and not by what is promised; the server bounds the time for it.
     */
    private Mono<Void> read(ServerWebExchange exchange, BodyInHand body) {
        return exchange.getRequest()
                .getBody()
                .doOnNext(body::append)
                .onErrorMap(failure -> isOurs(failure) ? failure : refused(exchange, failure))
                .then();
    }

    /** Anything else is the sender's fault: a body that is too large, comes too slowly, or is cut off. */
    private static boolean isOurs(Throwable failure) {
        return failure instanceof Problem problem && problem.status().is5xxServerError();
    }

    private Mono<Void> publish(ServerWebExchange exchange, SignatureCheck.Claim claim, BodyInHand read) {
        byte[] body = read.bytes();
        try {
            claim.require(body);
        } catch (Problem problem) {
            return Mono.error(refused(exchange, problem));
        }
        read.known();
        EventIdentity event;
        try {
            event = EventIdentity.read(body);
        } catch (Problem problem) {
            refused.increment(); // signed, so nobody is to be stopped
            throw problem;
        }
        return events.publish(event, body).doOnSuccess(_ -> taken.increment());
    }

    /** What whoever hasn't shown a signature hears. */
    private Throwable refused(ServerWebExchange exchange, Throwable failure) {
        refused.increment();
        try {
            strangers.take(exchange);
            return failure;
        } catch (Problem tooMany) {
            return tooMany;
        }
    }

    /** Where the request came from: Kafka's thread, which tells that an event is there, has more to do than to answer. */
    private static Scheduler loopOf(ServerWebExchange exchange) {
        HttpServerRequest request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        AtomicReference<Executor> loop = new AtomicReference<>();
        request.withConnection(connection -> loop.set(connection.channel().eventLoop()));
        return Schedulers.fromExecutor(loop.get());
    }

    private static Mono<Void> confirm(ServerHttpResponse response) {
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        response.getHeaders().setContentLength(RECEIVED.length);
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(RECEIVED)));
    }
}
