package dev.paymaster.gateway.payouts;

import dev.paymaster.events.payout.PayoutCommand;
import dev.paymaster.events.payout.PayoutCommand.RetryPayout;
import dev.paymaster.events.payout.PayoutCommand.ReversePayout;
import dev.paymaster.events.payout.PayoutSnapshot;
import dev.paymaster.gateway.http.Inputs;
import dev.paymaster.gateway.http.Page;
import dev.paymaster.gateway.http.PageRequest;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.live.Channel;
import dev.paymaster.gateway.live.Commands;
import dev.paymaster.gateway.users.Caller;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** What receivers are owed and have been paid. */
@RestController
final class PayoutsController {
    private static final String PAYOUT = "payout";

    private final PayoutList payouts;
    private final Commands commands;

    PayoutsController(PayoutList payouts, Commands commands) {
        this.payouts = payouts;
        this.commands = commands;
    }

    @GetMapping("/api/payouts")
    Mono<Page<PayoutList.Listed>> list(
            @AuthenticationPrincipal Caller caller, @RequestParam MultiValueMap<String, String> query) {
        PageRequest page = PageRequest.of(query);
        return caller.admin()
                ? payouts.page(null, page)
                : payouts.page(caller.id(), page)
                        .map(own -> new Page<>(
                                own.data().stream().map(ReceiverView::of).toList(), own.nextCursor()));
    }

    @GetMapping("/api/payouts/{id}")
    Mono<PayoutList.Detailed> one(@AuthenticationPrincipal Caller caller, @PathVariable("id") String id) {
        return payouts.find(Inputs.id(PAYOUT, id), caller)
                .switchIfEmpty(Mono.error(() -> Problem.notFound(PAYOUT)))
                .flatMap(payouts::detailed)
                .map(payout -> caller.admin() ? payout : ReceiverView.of(payout));
    }

    @PostMapping("/api/payouts/{id}/retry")
    Mono<ResponseEntity<Object>> retry(
            ServerWebExchange exchange, @AuthenticationPrincipal Caller caller, @PathVariable("id") String id) {
        return ask(exchange, caller, id, payout -> new RetryPayout(payout.receiver(), payout.id()));
    }

    @PostMapping("/api/payouts/{id}/reverse")
    Mono<ResponseEntity<Object>> reverse(
            ServerWebExchange exchange,
            @AuthenticationPrincipal Caller caller,
            @PathVariable("id") String id,
            @RequestBody Reversal reversal) {
        String reason = Inputs.required("reason", reversal.reason());
        return ask(exchange, caller, id, payout -> new ReversePayout(payout.receiver(), payout.id(), reason));
    }

    private Mono<ResponseEntity<Object>> ask(
            ServerWebExchange exchange, Caller caller, String id, Function<PayoutSnapshot, PayoutCommand> command) {
        return payouts.find(Inputs.id(PAYOUT, id), caller)
                .switchIfEmpty(Mono.error(() -> Problem.notFound(PAYOUT)))
                .map(PayoutList.Listed::payout)
                .flatMap(payout -> commands.send(
                        exchange,
                        caller,
                        Channel.PAYOUT,
                        payout.receiver().toString(),
                        payout.id().toString(),
                        Inputs.checked(() -> command.apply(payout))));
    }

    /** Why the platform takes money back. */
    record Reversal(@Nullable String reason) {}
}
