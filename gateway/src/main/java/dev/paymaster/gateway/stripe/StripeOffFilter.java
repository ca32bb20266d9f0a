package dev.paymaster.gateway.stripe;

import dev.paymaster.gateway.http.Problems;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Answers for everything under {@code /api/stripe} while Stripe is off. */
@Component
@Order(0) // after authentication
final class StripeOffFilter implements WebFilter {
    private static final String PREFIX = "/api/stripe/";

    private final StripeSettings stripe;

    StripeOffFilter(StripeSettings stripe) {
        this.stripe = stripe;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return !stripe.isOn()
                        && exchange.getRequest()
                                .getPath()
                                .pathWithinApplication()
                                .value()
                                .startsWith(PREFIX)
                ? Problems.write(exchange, StripeCalls.notConfigured())
                : chain.filter(exchange);
    }
}
