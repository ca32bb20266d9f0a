package dev.paymaster.gateway.users;

import dev.paymaster.gateway.http.Inputs;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.http.RepeatableCalls;
import dev.paymaster.messaging.Ids;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Users, keys, and who the caller is. */
@RestController
final class UsersController {
    private final Users users;
    private final KeyAuthentication authentication;
    private final RepeatableCalls calls;
    private final Ids ids;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    UsersController(Users users, KeyAuthentication authentication, RepeatableCalls calls, Ids ids, Clock clock) {
        this.users = users;
        this.authentication = authentication;
        this.calls = calls;
        this.ids = ids;
        this.clock = clock;
    }

    record NewUser(@Nullable String name, @Nullable String email) {}

    /** A user with its first key, which is shown here and never again. */
    record CreatedUser(User user, UUID keyId, String key) {}

    record CreatedKey(UUID id, String key) {}

    record Whoami(Profile user) {}

    record Profile(UUID id, String name, long credits, List<String> roles) {}

    @PostMapping("/api/users")
    Mono<ResponseEntity<Object>> create(ServerWebExchange exchange, @RequestBody NewUser wanted) {
        User user = Inputs.checked(() -> new User(
                ids.next(),
                Inputs.required("name", wanted.name()),
                wanted.email(),
                clock.instant().truncatedTo(ChronoUnit.MICROS)));
        CreatedUser created = new CreatedUser(user, ids.next(), ApiKey.make(random));
        return calls.onceInDatabase(
                exchange,
                wanted,
                () -> users.add(user, created.keyId(), ApiKey.hash(created.key()))
                        .thenReturn(ResponseEntity.status(HttpStatus.CREATED).body(created)));
    }

    @GetMapping("/api/users/{id}")
    Mono<User> profile(@AuthenticationPrincipal Caller caller, @PathVariable("id") String id) {
        return users.find(visible(caller, id)).switchIfEmpty(Mono.error(() -> Problem.notFound("user")));
    }

    @PostMapping("/api/users/{id}/keys")
    Mono<ResponseEntity<Object>> createKey(
            ServerWebExchange exchange, @AuthenticationPrincipal Caller caller, @PathVariable("id") String id) {
        UUID userId = visible(caller, id);
        CreatedKey created = new CreatedKey(ids.next(), ApiKey.make(random));
        return calls.onceInDatabase(
                exchange,
                userId,
                () -> users.addKey(userId, created.id(), ApiKey.hash(created.key()), clock.instant())
                        .switchIfEmpty(Mono.error(() -> Problem.notFound("user")))
                        .thenReturn(ResponseEntity.status(HttpStatus.CREATED).body(created)));
    }

    @DeleteMapping("/api/keys/{id}")
    Mono<ResponseEntity<Void>> revoke(@AuthenticationPrincipal Caller caller, @PathVariable("id") String id) {
        return users.revoke(Inputs.id("key", id), caller.admin() ? null : caller.id(), clock.instant())
                .doOnNext(_ -> authentication.forget())
                .map(found -> {
                    if (!found) {
                        throw Problem.notFound("key");
                    }
                    return ResponseEntity.noContent().build();
                });
    }

    @RequestMapping(
            path = "/api/whoami",
            method = {RequestMethod.GET, RequestMethod.POST})
    Mono<Whoami> whoami(@AuthenticationPrincipal Caller caller) {
        return users.creditsOf(caller.id(), clock.instant())
                .map(credits -> new Whoami(new Profile(caller.id(), caller.name(), credits, caller.roles())));
    }

    private static UUID visible(Caller caller, String id) {
        UUID userId = Inputs.id("user", id);
        if (!caller.admin() && !caller.id().equals(userId)) {
            throw Problem.notFound("user");
        }
        return userId;
    }
}
