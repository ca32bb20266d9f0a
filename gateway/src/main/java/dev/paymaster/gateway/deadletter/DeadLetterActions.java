package dev.paymaster.gateway.deadletter;

import dev.paymaster.gateway.database.Transactions;
import dev.paymaster.gateway.deadletter.DeadLetterStore.Status;
import dev.paymaster.gateway.deadletter.DeadLetterStore.Whole;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.live.KafkaDoor;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Replays and discards letters, one at a time. A letter is locked, acted upon, and what was done is written down, in one
 * transaction: two at once do it once. Whoever dies between Kafka's confirmation and the COMMIT leaves the letter open; replayed
 * again it is a repetition, which workers know by its id or by what it is about. Thread-safe.
 */
@Component
class DeadLetterActions {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterActions.class);

    private static final String TOO_LARGE = "record_too_large";

    private final DeadLetterStore store;
    private final KafkaDoor kafka;
    private final Transactions transactions;

    DeadLetterActions(DeadLetterStore store, KafkaDoor kafka, Transactions transactions) {
        this.store = store;
        this.kafka = kafka;
        this.transactions = transactions;
    }

    /** Writes the record to its topic again, for the worker that could not apply it; nothing happens the second time. */
    Mono<Void> replay(UUID id, String actor) {
        return only(id, letter -> switch (letter.summary().status()) {
            case REPLAYED -> Mono.empty();
            case OPEN, DISCARDED -> write(letter, actor);
        });
    }

    /** Nobody needs the record; its bytes stay. Nothing happens the second time. */
    Mono<Void> discard(UUID id, String actor, String reason) {
        return only(id, letter -> switch (letter.summary().status()) {
            case DISCARDED -> Mono.empty();
            case OPEN -> act(letter, Status.DISCARDED, actor, reason);
            case REPLAYED ->
                Mono.error(
                        () -> Problem.conflict("already_replayed", "the record has been written to its topic again"));
        });
    }

    /**
     * One of many: tells whether it was open and is replayed now. If it wasn't, somebody else has dealt with it meanwhile; one that is
     * too large stays, and does not keep those after it.
     */
    Mono<Boolean> replayIfOpen(UUID id, String actor) {
        return ifOpen(
                id,
                letter -> write(letter, actor)
                        .thenReturn(true)
                        .onErrorResume(DeadLetterActions::isTooLarge, _ -> Mono.just(false)));
    }

    /** One of many: tells whether it was open; if not, somebody else has dealt with it meanwhile. */
    Mono<Boolean> discardIfOpen(UUID id, String actor, String reason) {
        return ifOpen(id, letter -> act(letter, Status.DISCARDED, actor, reason).thenReturn(true));
    }

    private Mono<Void> write(Whole letter, String actor) {
        return letter.summary().omitted()
                ? Mono.error(() -> Problem.conflict(
                        "value_omitted", "the record was too large for a letter; it lies where it stood"))
                : kafka.publish(letter.letter().replay(), DeadLetterActions::tooLarge)
                        .then(act(letter, Status.REPLAYED, actor, null));
    }

    /** What a replay adds is little, but the record may have left less. */
    private static Problem tooLarge() {
        return Problem.conflict(
                TOO_LARGE,
                "with the headers of a replay the record is larger than its topic takes: send it again without them, and discard"
                        + " this letter");
    }

    private static boolean isTooLarge(Throwable failure) {
        return failure instanceof Problem problem && problem.code().equals(TOO_LARGE);
    }

    private Mono<Void> act(Whole letter, Status action, String actor, @Nullable String reason) {
        return Mono.defer(() -> {
            LOG.info("dead letter {} is {} by {}", letter.summary().id(), action, actor);
            return store.act(letter.summary().id(), action, actor, reason);
        });
    }

    private Mono<Void> only(UUID id, Function<Whole, Mono<Void>> action) {
        return store.lock(id)
                .switchIfEmpty(Mono.error(() -> Problem.notFound("dead letter")))
                .flatMap(action)
                .as(transactions::around);
    }

    private Mono<Boolean> ifOpen(UUID id, Function<Whole, Mono<Boolean>> action) {
        return store.lock(id)
                .filter(letter -> letter.summary().status() == Status.OPEN)
                .flatMap(action)
                .defaultIfEmpty(false)
                .as(transactions::around);
    }
}
