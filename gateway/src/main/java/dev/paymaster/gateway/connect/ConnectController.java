package dev.paymaster.gateway.connect;

import dev.paymaster.gateway.http.RepeatableCalls;
import dev.paymaster.gateway.limits.LimitSettings.Rate;
import dev.paymaster.gateway.limits.RateLimit;
import dev.paymaster.gateway.users.Caller;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Receivers' accounts at Stripe. */
@RestController
final class ConnectController {
    /** Of one user: a token may be used again and again, and each time Stripe is called. People need one, now and then. */
    private static final Rate LINKS = new Rate(1, 10);

    private final Onboarding onboarding;
    private final AccountStatuses statuses;
    private final RefreshLinks refreshLinks;
    private final RepeatableCalls calls;
    private final RateLimit<UUID> refreshes = new RateLimit<>(LINKS);

    ConnectController(
            Onboarding onboarding, AccountStatuses statuses, RefreshLinks refreshLinks, RepeatableCalls calls) {
        this.onboarding = onboarding;
        this.statuses = statuses;
        this.refreshLinks = refreshLinks;
        this.calls = calls;
    }

    @PostMapping("/api/stripe/connect")
    Mono<ResponseEntity<Object>> connect(ServerWebExchange exchange, @AuthenticationPrincipal Caller caller) {
        return calls.once(exchange, Map.of(), () -> onboarding.begin(caller).map(ResponseEntity::ok));
    }

    /** Where Stripe sends a browser whose link has expired: to a new one. */
    @GetMapping("/api/stripe/connect/refresh")
    Mono<ResponseEntity<Void>> refresh(@RequestParam("token") String token) {
        UUID userId = refreshLinks.userOf(token);
        refreshes.take(userId);
        return onboarding
                .again(userId)
                .map(link -> ResponseEntity.status(HttpStatus.SEE_OTHER)
                        .location(URI.create(link.url()))
                        .build());
    }

    @RequestMapping(
            path = "/api/stripe/connect/status",
            method = {RequestMethod.GET, RequestMethod.POST})
    Mono<AccountStatus> status(@AuthenticationPrincipal Caller caller) {
        return statuses.of(caller.id());
    }
}
