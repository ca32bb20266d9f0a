package dev.paymaster.gateway.credits;

import dev.paymaster.events.credit.CreditCommand.GrantCredits;
import dev.paymaster.events.credit.CreditCommand.SetBalanceThreshold;
import dev.paymaster.gateway.http.Inputs;
import dev.paymaster.gateway.http.Page;
import dev.paymaster.gateway.http.PageRequest;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.live.Channel;
import dev.paymaster.gateway.live.Commands;
import dev.paymaster.gateway.users.Caller;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Balances, statements, manual grants, and when to tell that credits run low. */
@RestController
final class CreditsController {
    private final Balances balances;
    private final Commands commands;
    private final Clock clock;

    CreditsController(Balances balances, Commands commands, Clock clock) {
        this.balances = balances;
        this.commands = commands;
        this.clock = clock;
    }

    record NewGrant(
            @Nullable UUID userId,
            @Nullable Long amount,
            @Nullable String reason,
            @Nullable Instant expiresAt) {}

    /** @param credits below how many to tell; null: never */
    record Threshold(@Nullable Long credits) {}

    @GetMapping("/api/credits")
    Mono<Balances.Balance> balance(@AuthenticationPrincipal Caller caller) {
        return balances.of(caller.id());
    }

    @GetMapping("/api/credits/entries")
    Mono<Page<Balances.Entry>> entries(
            @AuthenticationPrincipal Caller caller, @RequestParam MultiValueMap<String, String> query) {
        return balances.entries(caller.id(), PageRequest.of(query));
    }

    @PostMapping("/api/credits/grants")
    Mono<ResponseEntity<Object>> grant(
            ServerWebExchange exchange, @AuthenticationPrincipal Caller caller, @RequestBody NewGrant wanted) {
        UUID userId = Inputs.required("user_id", wanted.userId());
        GrantCredits command = Inputs.checked(() -> new GrantCredits(
                userId,
                Inputs.required("amount", wanted.amount()),
                Inputs.required("reason", wanted.reason()),
                wanted.expiresAt()));
        String user = userId.toString();
        if (command.expiresAt() != null && !command.expiresAt().isAfter(clock.instant())) {
            // It may have been in time when it came first.
            return commands.earlier(exchange, caller, Channel.CREDIT, user, command)
                    .switchIfEmpty(Mono.error(() -> Problem.invalidField("expires_at", "expires_at has passed")));
        }
        return balances.isUser(userId)
                .filter(known -> known)
                .switchIfEmpty(Mono.error(() -> Problem.notFound("user")))
                .flatMap(_ -> commands.send(exchange, caller, Channel.CREDIT, user, user, command));
    }

    /** Of the caller alone, whoever that is. */
    @PutMapping("/api/credits/threshold")
    Mono<ResponseEntity<Object>> threshold(
            ServerWebExchange exchange, @AuthenticationPrincipal Caller caller, @RequestBody Threshold wanted) {
        SetBalanceThreshold command = Inputs.checked(() -> new SetBalanceThreshold(caller.id(), wanted.credits()));
        String user = caller.id().toString();
        return commands.send(exchange, caller, Channel.CREDIT, user, user, command);
    }
}
