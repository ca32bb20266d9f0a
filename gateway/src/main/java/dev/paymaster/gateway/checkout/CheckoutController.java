package dev.paymaster.gateway.checkout;

import dev.paymaster.gateway.http.Inputs;
import dev.paymaster.gateway.http.RepeatableCalls;
import dev.paymaster.gateway.users.Caller;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Sells subscriptions. */
@RestController
final class CheckoutController {
    private final Checkout checkout;
    private final TierPrices prices;
    private final RepeatableCalls calls;

    CheckoutController(Checkout checkout, TierPrices prices, RepeatableCalls calls) {
        this.checkout = checkout;
        this.prices = prices;
        this.calls = calls;
    }

    record Wanted(@Nullable String tier) {}

    @PostMapping("/api/stripe/checkout")
    Mono<ResponseEntity<Object>> checkout(
            ServerWebExchange exchange, @AuthenticationPrincipal Caller caller, @RequestBody Wanted wanted) {
        String tier = Inputs.required("tier", wanted.tier());
        String price = prices.of(tier);
        return calls.once(
                exchange, wanted, () -> checkout.begin(caller, tier, price).map(ResponseEntity::ok));
    }
}
