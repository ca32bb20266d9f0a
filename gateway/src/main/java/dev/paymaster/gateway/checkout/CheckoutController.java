package dev.paymaster.gateway.checkout;

import dev.paymaster.gateway.http.Inputs;
import dev.paymaster.gateway.http.RepeatableCalls;
import dev.paymaster.gateway.users.Caller;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Sells subscriptions and top-ups, and leads to where they are managed. */
@RestController
final class CheckoutController {
    private final Checkout checkout;
    private final TierPrices prices;
    private final TopUps topUps;
    private final Portal portal;
    private final RepeatableCalls calls;

    CheckoutController(Checkout checkout, TierPrices prices, TopUps topUps, Portal portal, RepeatableCalls calls) {
        this.checkout = checkout;
        this.prices = prices;
        this.topUps = topUps;
        this.portal = portal;
        this.calls = calls;
    }

    record Wanted(@Nullable String tier) {}

    record WantedPack(@Nullable String pack) {}

    @PostMapping("/api/stripe/checkout")
    Mono<ResponseEntity<Object>> checkout(
            ServerWebExchange exchange, @AuthenticationPrincipal Caller caller, @RequestBody Wanted wanted) {
        String tier = Inputs.required("tier", wanted.tier());
        // Whether it is sold is asked within: a repetition may come when the settings have changed.
        return calls.once(
                exchange,
                wanted,
                () -> checkout.begin(caller, tier, prices.of(tier)).map(ResponseEntity::ok));
    }

    @PostMapping("/api/stripe/topups")
    Mono<ResponseEntity<Object>> topUp(
            ServerWebExchange exchange, @AuthenticationPrincipal Caller caller, @RequestBody WantedPack wanted) {
        String pack = Inputs.required("pack", wanted.pack());
        return calls.once(
                exchange, wanted, () -> topUps.begin(caller, topUps.named(pack)).map(ResponseEntity::ok));
    }

    @PostMapping("/api/stripe/portal")
    Mono<ResponseEntity<Object>> portal(ServerWebExchange exchange, @AuthenticationPrincipal Caller caller) {
        return calls.once(exchange, Map.of(), () -> portal.open(caller).map(ResponseEntity::ok));
    }
}
