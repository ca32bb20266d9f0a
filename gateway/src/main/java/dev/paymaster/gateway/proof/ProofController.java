package dev.paymaster.gateway.proof;

import dev.paymaster.gateway.http.PageRequest;
import dev.paymaster.gateway.http.Problem;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The proof over HTTP. */
@RestController
final class ProofController {
    /** Clients and proxies wait at least that long. */
    private static final int DEFAULT_SECONDS = 10;

    private static final int MAX_SECONDS = 300;

    /** What Stripe gives in so many seconds or a few more. */
    private static final int DEFAULT_PAGES = 50;

    private static final int MAX_PAGES = 1_000;

    /** What somebody looks through; a single cause may break a rule for everybody. */
    private static final int DEFAULT_DIFFERENCES = 20;

    /** Of each of the rules: some MB of a piece at the most. */
    private static final int MAX_DIFFERENCES = 1_000;

    private final Proof proof;

    ProofController(Proof proof) {
        this.proof = proof;
    }

    @GetMapping("/api/admin/proof")
    Mono<Proof.Report> prove(@RequestParam MultiValueMap<String, String> query) {
        return proof.prove(new Proof.Wanted(
                place(query),
                Duration.ofSeconds(number(query, "seconds", DEFAULT_SECONDS, 0, MAX_SECONDS)),
                number(query, "stripe_pages", DEFAULT_PAGES, 0, MAX_PAGES),
                flag(query.getFirst("all"), "all"),
                number(query, "differences", DEFAULT_DIFFERENCES, 1, MAX_DIFFERENCES)));
    }

    private static @Nullable Place place(MultiValueMap<String, String> query) {
        String cursor = query.getFirst("cursor");
        if (cursor != null && cursor.indexOf(':') >= 0) {
            try {
                return Place.AmongPayouts.isNamedBy(cursor) ? Place.AmongPayouts.of(cursor) : Place.AtStripe.of(cursor);
            } catch (IllegalArgumentException e) {
                throw Problem.invalidField("cursor", "cursor is not one that an answer gave");
            }
        }
        UUID user = PageRequest.of(query).idCursor();
        return user == null ? null : new Place.AmongUsers(user);
    }

    private static boolean flag(@Nullable String text, String field) {
        return switch (text) {
            case null -> false;
            case "true" -> true;
            case "false" -> false;
            default -> throw Problem.invalidField(field, field + " is true or false");
        };
    }

    private static int number(MultiValueMap<String, String> query, String field, int otherwise, int least, int most) {
        String text = query.getFirst(field);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw Problem.invalidField(field, field + " takes a whole number from " + least + " to " + most);
        }
        return Integer.parseInt(text);
    }
}
