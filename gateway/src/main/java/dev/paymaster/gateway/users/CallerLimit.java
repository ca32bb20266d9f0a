package dev.paymaster.gateway.users;

import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.limits.AddressLimit;
import dev.paymaster.gateway.limits.AnswerInHand;
import dev.paymaster.gateway.limits.LimitSettings;
import dev.paymaster.gateway.limits.RateLimit;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Lets nobody take all there is, neither in a second nor at once: no user, no address that asks for what needs no key, and, where
 * that is wanted, no address with whatever it asks for.
 * Administrators aren't limited: they are who helps when there is too much.
 */
@Component
@Order(-1) // after authentication
final class CallerLimit implements WebFilter {
    private final ApplicationContext gateway;
    private final RateLimit<UUID> requests;
    private final AddressLimit strangers;
    private final AddressLimit addresses;
    private final ConcurrentMap<UUID, Integer> inHand = new ConcurrentHashMap<>();
    private final int maxInHand;

    CallerLimit(LimitSettings limits, ApplicationContext gateway) {
        this.gateway = gateway;
        this.strangers = new AddressLimit(limits.withoutKey());
        this.addresses = new AddressLimit(limits.allPerAddress());
        this.requests = new RateLimit<>(limits.perCaller());
        this.maxInHand = limits.half();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!gateway.equals(exchange.getApplicationContext())) {
            return chain.filter(exchange); // of the management port
        }
        return exchange.getPrincipal()
                .ofType(Authentication.class)
                .mapNotNull(Authentication::getPrincipal)
                .ofType(Caller.class)
                .map(caller -> caller.admin() ? chain.filter(exchange) : limited(caller.id(), exchange, chain))
                .defaultIfEmpty(Mono.defer(() -> {
                    addresses.take(exchange);
                    strangers.take(exchange);
                    return chain.filter(exchange);
                }))
                .flatMap(answer -> answer);
    }

    private Mono<Void> limited(UUID caller, ServerWebExchange exchange, WebFilterChain chain) {
        return Mono.deferContextual(context -> {
            addresses.take(exchange);
            requests.take(caller);
            AnswerInHand.isFor(caller, context);
            if (inHand.merge(caller, 1, Integer::sum) > maxInHand) {
                leave(caller);
                return Mono.error(Problem.tooManyRequests(
                        "too many requests at once; wait for answers before you ask more", Duration.ofSeconds(1)));
            }
            return chain.filter(exchange).doFinally(_ -> leave(caller));
        });
    }

    private void leave(UUID caller) {
        inHand.computeIfPresent(caller, (_, count) -> count == 1 ? null : count - 1);
    }
}
