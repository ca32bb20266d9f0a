package dev.paymaster.messaging;

import java.time.Duration;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Waits for a condition that can say what is still missing. */
final class Await {
    private Await() {}

    static void until(Duration patience, Supplier<@Nullable String> missing) {
        Awaitility.await().atMost(patience).pollInterval(Duration.ofMillis(10)).untilAsserted(() -> {
            String what = missing.get();
            if (what != null) {
                throw new AssertionError(what);
            }
        });
    }
}
