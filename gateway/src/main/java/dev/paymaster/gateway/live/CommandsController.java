package dev.paymaster.gateway.live;

import dev.paymaster.gateway.users.Caller;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Where a client that was answered 202 asks what came of its request. */
@RestController
final class CommandsController {
    private final Commands commands;

    CommandsController(Commands commands) {
        this.commands = commands;
    }

    @GetMapping("/api/commands/{id}")
    Mono<ResponseEntity<Object>> outcome(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return commands.outcomeOf(caller, id);
    }
}
