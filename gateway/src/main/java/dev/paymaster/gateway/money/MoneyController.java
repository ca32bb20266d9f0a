package dev.paymaster.gateway.money;

import dev.paymaster.gateway.http.Inputs;
import dev.paymaster.gateway.users.Caller;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** What a job's credits were bought with and what its receiver got. */
@RestController
final class MoneyController {
    private final MoneyTrails trails;

    MoneyController(MoneyTrails trails) {
        this.trails = trails;
    }

    @GetMapping("/api/jobs/{id}/money")
    Mono<Trail> money(@AuthenticationPrincipal Caller caller, @PathVariable("id") String id) {
        return trails.of(Inputs.id("job", id), caller);
    }
}
