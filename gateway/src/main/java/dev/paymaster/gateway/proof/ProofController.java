package dev.paymaster.gateway.proof;

import dev.paymaster.gateway.http.PageRequest;
import dev.paymaster.gateway.http.Problem;
import java.time.Duration;
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
    private static final int DEFAULT_PAGES = 5;
    private static final int MAX_PAGES = 50;

    private final Proof proof;

    ProofController(Proof proof) {
        this.proof = proof;
    }

    @GetMapping("/api/admin/proof")
    Mono<Proof.Report> prove(@RequestParam MultiValueMap<String, String> query) {
        return proof.prove(new Proof.Wanted(
                PageRequest.of(query).idCursor(),
                Duration.ofSeconds(number(query.getFirst("seconds"), "seconds", DEFAULT_SECONDS, MAX_SECONDS)),
                number(query.getFirst("stripe_pages"), "stripe_pages", DEFAULT_PAGES, MAX_PAGES)));
    }

    private static int number(@Nullable String text, String field, int otherwise, int most) {
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) > most) {
            throw Problem.invalidField(field, field + " takes a whole number from 0 to " + most);
        }
        return Integer.parseInt(text);
    }
}
