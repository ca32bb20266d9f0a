package dev.paymaster.system.chaos;

import dev.paymaster.system.command.Waiting;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Api;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Somebody who calls as clients should: with an Idempotency-Key for each call, again and again until it is told what came of it.
 * Thread-safe.
 */
final class Caller {
    /** Not known yet, or not now: ask again. */
    private static final Set<Integer> ASK_AGAIN = Set.of(202, 408, 429, 502, 503);

    /** What may come of a call; anything else is no answer that a client can make sense of. */
    private static final Set<Integer> SETTLED = Set.of(200, 201, 402, 404, 409);

    private static final int CONFLICT = 409;
    private static final Duration BETWEEN = Duration.ofMillis(200);

    private final Api api;
    private final Journal journal;
    private final Deadline deadline;

    Caller(Api api, Journal journal, Deadline deadline) {
        this.api = api;
        this.journal = journal;
        this.deadline = deadline;
    }

    /** Who calls at the same address with another key. */
    Caller as(String key) {
        return new Caller(api.as(key), journal, deadline);
    }

    /** A POST without a body. */
    Answer post(String path) {
        String idempotencyKey = newKey();
        return insist(
                "POST " + path,
                () -> api.send(api.request(path)
                        .header("Idempotency-Key", idempotencyKey)
                        .POST(BodyPublishers.noBody())));
    }

    Answer post(String path, String json) {
        String idempotencyKey = newKey();
        return insist("POST " + path, () -> api.post(path, json, idempotencyKey));
    }

    Answer get(String path) {
        return insist("GET " + path, () -> api.get(path));
    }

    private Answer insist(String call, Supplier<Answer> attempt) {
        String last = "none";
        while (!deadline.isOver()) {
            try {
                Answer answer = attempt.get();
                last = answer.toString();
                journal.answered(Integer.toString(answer.status()));
                if (SETTLED.contains(answer.status()) && !isUnderWay(answer)) {
                    return answer;
                }
                if (!SETTLED.contains(answer.status()) && !ASK_AGAIN.contains(answer.status())) {
                    journal.contradiction(last);
                }
            } catch (UncheckedIOException e) {
                journal.answered("no answer");
            }
            Waiting.pause(BETWEEN);
        }
        throw new GaveUp(call + " came to nothing in time; its last answer: " + last);
    }

    /** Not from the seed: two runs on one deployment never share one. */
    private static String newKey() {
        return UUID.randomUUID().toString();
    }

    private static boolean isUnderWay(Answer answer) {
        return answer.status() == CONFLICT && answer.body().contains("idempotency_key_in_use");
    }
}
