package dev.paymaster.system.chaos;

import dev.paymaster.system.command.Waiting;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Api;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Somebody who calls as clients should: with an Idempotency-Key for each call, again and again until it is told what came of it.
 * Now and then somebody impatient, who hangs up soon. Thread-safe.
 */
final class Caller {
    /** Not known yet, or not now: ask again. */
    private static final Set<Integer> ASK_AGAIN = Set.of(202, 408, 429, 502, 503);

    /** What may come of a call; anything else is no answer that a client can make sense of. */
    private static final Set<Integer> SETTLED = Set.of(200, 201, 402, 404, 409);

    private static final int CONFLICT = 409;

    /**
     * Conflicts that end by themselves: with an earlier attempt, or with somebody who catches up with Stripe already. Whoever was
     * killed while doing either still holds its lease. These are not remembered, so that the same key works afterwards.
     */
    private static final List<String> UNDER_WAY = List.of("idempotency_key_in_use", "reconcile_under_way");

    private static final Duration BETWEEN = Duration.ofMillis(200);

    /**
     * Every so many attempts one is hung up on after so long, which is enough for most when nothing is broken. Not one that
     * reaches beyond the gateway: its repetition would have to wait for a minute.
     */
    private static final int IMPATIENT_ONE_OF = 5;

    private static final List<String> REACHES_BEYOND = List.of("/api/stripe/", "/api/admin/");

    private static final Duration PATIENCE = Duration.ofMillis(250);

    private final Api api;
    private final Journal journal;
    private final Deadline deadline;
    private final AtomicInteger attempts = new AtomicInteger();

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
                () -> request(path).header("Idempotency-Key", idempotencyKey).POST(BodyPublishers.noBody()));
    }

    Answer post(String path, String json) {
        String idempotencyKey = newKey();
        return insist(
                "POST " + path,
                () -> request(path)
                        .header("Idempotency-Key", idempotencyKey)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json)));
    }

    Answer get(String path) {
        return insist("GET " + path, () -> request(path).GET());
    }

    private Answer insist(String call, Supplier<HttpRequest.Builder> attempt) {
        String last = "none";
        while (!deadline.isOver()) {
            try {
                Answer answer = api.send(attempt.get());
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

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = api.request(path);
        boolean hangsUp = attempts.incrementAndGet() % IMPATIENT_ONE_OF == 0
                && REACHES_BEYOND.stream().noneMatch(path::startsWith);
        return hangsUp ? request.timeout(PATIENCE) : request;
    }

    /** Not from the seed: two runs on one deployment never share one. */
    private static String newKey() {
        return UUID.randomUUID().toString();
    }

    private static boolean isUnderWay(Answer answer) {
        return answer.status() == CONFLICT && UNDER_WAY.stream().anyMatch(answer.body()::contains);
    }
}
