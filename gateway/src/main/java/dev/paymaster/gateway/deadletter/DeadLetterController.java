package dev.paymaster.gateway.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.paymaster.gateway.deadletter.DeadLetterStore.Status;
import dev.paymaster.gateway.deadletter.DeadLetterStore.Summary;
import dev.paymaster.gateway.deadletter.DeadLetterStore.Whole;
import dev.paymaster.gateway.http.Inputs;
import dev.paymaster.gateway.http.Page;
import dev.paymaster.gateway.http.PageRequest;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.http.RepeatableCalls;
import dev.paymaster.gateway.users.Caller;
import dev.paymaster.messaging.outbox.Outgoing;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What no worker could apply: seen, replayed, discarded. For administrators. */
@RestController
final class DeadLetterController {
    private static final String PATH = "/api/admin/dead-letters";
    private static final String LETTER = "dead letter";

    /** As many as one call does; who has more calls again. */
    private static final int MAX_AT_ONCE = 100;

    private static final int MAX_REASON = 1_000;

    private final DeadLetterStore store;
    private final DeadLetterActions actions;
    private final RepeatableCalls calls;

    DeadLetterController(DeadLetterStore store, DeadLetterActions actions, RepeatableCalls calls) {
        this.store = store;
        this.actions = actions;
        this.calls = calls;
    }

    /**
     * A letter.
     *
     * @param hint what to do about it
     */
    record Letter(@JsonUnwrapped Summary summary, String hint) {
        static Letter of(Summary letter) {
            return new Letter(letter, Hint.of(letter));
        }
    }

    /** Bytes of a record: as text if they are UTF-8, otherwise in base64. Neither: there are none. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Bytes(@Nullable String text, @Nullable String base64) {
        static Bytes of(byte @Nullable [] bytes) {
            if (bytes == null) {
                return new Bytes(null, null);
            }
            try {
                return new Bytes(
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(bytes))
                                .toString(),
                        null);
            } catch (CharacterCodingException e) {
                return new Bytes(null, Base64.getEncoder().encodeToString(bytes));
            }
        }
    }

    record Header(String name, Bytes value) {}

    /** A letter with its record, and what was done with it. */
    record Opened(Letter letter, Bytes key, List<Header> headers, Bytes value, List<DeadLetterStore.Action> actions) {}

    /** @param reason why nobody needs it */
    record Discard(@Nullable String reason) {}

    /** Which of the open letters; at least one must be given. */
    record Selection(
            @Nullable String topic,
            @Nullable String consumer,
            @Nullable String type,
            @Nullable String exception,
            @Nullable String reason) {
        Filter filter() {
            Filter filter = new Filter(topic, consumer, type, exception);
            if (filter.isEmpty()) {
                throw Problem.badRequest("invalid_request", "give at least one of topic, consumer, type and exception");
            }
            return filter;
        }
    }

    /**
     * What came of a selection.
     *
     * @param done letters that were open before; what somebody else has dealt with meanwhile doesn't count
     * @param left letters that fit and are still open: call again, unless they can't be replayed
     */
    record Done(long done, long left) {}

    @GetMapping(PATH)
    Mono<Page<Letter>> list(@RequestParam MultiValueMap<String, String> query) {
        PageRequest page = PageRequest.of(query);
        Status status = Inputs.oneOf("status", query.getFirst("status"), Status.values());
        Filter filter = new Filter(
                Inputs.text("topic", query.getFirst("topic")),
                Inputs.text("consumer", query.getFirst("consumer")),
                Inputs.text("type", query.getFirst("type")),
                Inputs.text("exception", query.getFirst("exception")));
        return store.list(status, filter, page)
                .collectList()
                .map(found -> Page.of(found, page, letter -> Long.toString(letter.sequence())))
                .map(found -> new Page<>(found.data().stream().map(Letter::of).toList(), found.nextCursor()));
    }

    @GetMapping(PATH + "/{id}")
    Mono<Opened> open(@PathVariable("id") String text) {
        UUID id = Inputs.id(LETTER, text);
        return store.find(id)
                .switchIfEmpty(Mono.error(() -> Problem.notFound(LETTER)))
                .flatMap(letter -> store.actions(id).collectList().map(done -> opened(letter, done)));
    }

    @PostMapping(PATH + "/{id}/replay")
    Mono<ResponseEntity<Object>> replay(
            ServerWebExchange exchange, @PathVariable("id") String text, @AuthenticationPrincipal Caller caller) {
        UUID id = Inputs.id(LETTER, text);
        return calls.once(
                exchange, Map.of(), () -> actions.replay(id, caller.name()).then(answer(id)));
    }

    @PostMapping(PATH + "/{id}/discard")
    Mono<ResponseEntity<Object>> discard(
            ServerWebExchange exchange,
            @PathVariable("id") String text,
            @RequestBody Discard wanted,
            @AuthenticationPrincipal Caller caller) {
        UUID id = Inputs.id(LETTER, text);
        String reason = reason(wanted.reason());
        return calls.once(
                exchange,
                wanted,
                () -> actions.discard(id, caller.name(), reason).then(answer(id)));
    }

    @PostMapping(PATH + "/replay")
    Mono<ResponseEntity<Object>> replayAll(
            ServerWebExchange exchange, @RequestBody Selection selection, @AuthenticationPrincipal Caller caller) {
        Filter filter = selection.filter();
        return calls.once(exchange, selection, () -> all(filter, true, id -> actions.replayIfOpen(id, caller.name())));
    }

    @PostMapping(PATH + "/discard")
    Mono<ResponseEntity<Object>> discardAll(
            ServerWebExchange exchange, @RequestBody Selection selection, @AuthenticationPrincipal Caller caller) {
        Filter filter = selection.filter();
        String reason = reason(selection.reason());
        return calls.once(
                exchange, selection, () -> all(filter, false, id -> actions.discardIfOpen(id, caller.name(), reason)));
    }

    /** One after the other, the oldest first, so that records with one key keep their order. */
    private Mono<ResponseEntity<Object>> all(Filter filter, boolean whole, Function<UUID, Mono<Boolean>> action) {
        return store.waiting()
                .collectList()
                .doOnNext(filter::requireKnown)
                .then(store.open(filter, whole, MAX_AT_ONCE).collectList())
                .flatMap(ids -> Flux.fromIterable(ids)
                        .concatMap(action)
                        .filter(Boolean::booleanValue)
                        .count())
                .flatMap(done -> store.countOpen(filter).map(left -> ResponseEntity.ok(new Done(done, left))));
    }

    private Mono<ResponseEntity<Object>> answer(UUID id) {
        return Mono.defer(() -> store.summaryOf(id)).map(letter -> ResponseEntity.ok(Letter.of(letter)));
    }

    private static String reason(@Nullable String reason) {
        String given = Inputs.required("reason", Inputs.text("reason", reason));
        if (given.isBlank() || given.length() > MAX_REASON) {
            throw Problem.invalidField("reason", "reason takes 1 to " + MAX_REASON + " characters");
        }
        return given;
    }

    private static Opened opened(Whole letter, List<DeadLetterStore.Action> done) {
        Outgoing record = letter.record();
        return new Opened(
                Letter.of(letter.summary()),
                Bytes.of(record.key()),
                record.headers().stream()
                        .map(header -> new Header(header.name(), Bytes.of(header.value())))
                        .toList(),
                Bytes.of(record.value()),
                done);
    }
}
