package dev.paymaster.gateway.users;

import dev.paymaster.gateway.limits.LimitSettings;
import dev.paymaster.gateway.limits.RateLimit;
import java.util.UUID;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Lets nobody take all there is. Administrators aren't limited: they are who helps when there is too much. */
@Component
@Order(-1) // after authentication
final class CallerLimit implements WebFilter {
    private final RateLimit<UUID> requests;

    CallerLimit(LimitSettings limits) {
        this.requests = new RateLimit<>(limits.perCaller());
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return exchange.getPrincipal()
                .doOnNext(principal -> {
                    if (principal instanceof Authentication known
                            && known.getPrincipal() instanceof Caller caller
                            && !caller.admin()) {
                        requests.take(caller.id());
                    }
                })
                .then(chain.filter(exchange));
    }
}
