package dev.paymaster.system.world;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waiting for what must come, as long as it takes a loaded machine; no test passes because time has passed. */
public final class Eventually {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(25);

    private Eventually() {}

    /** To be ended with {@code until(…)} or {@code untilAsserted(…)}; {@code what} tells a failure's reader. */
    public static ConditionFactory eventually(String what) {
        return Awaitility.await(what)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .atMost(LIMIT);
    }
}
