package dev.paymaster.stripesandbox.state;

import java.time.Clock;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/** The sandbox's time: the machine's clock, moved ahead by an offset that only grows and is remembered by the store. */
public final class SandboxClock {
    private static final String ID = "clock";

    private final Clock clock;
    private final Store store;

    public SandboxClock(Clock clock, Store store) {
        this.clock = clock;
        this.store = store;
    }

    /** Seconds since 1970, as every time in Stripe's API. */
    public long now() {
        return clock.instant().getEpochSecond() + offsetSeconds();
    }

    public Instant instant() {
        return Instant.ofEpochSecond(now());
    }

    /** The machine's own time: what signatures and retries of webhooks go by. */
    public Instant machineTime() {
        return clock.instant();
    }

    /** Moves the time ahead to {@code epochSecond}; does nothing if it is already later. */
    public void moveTo(long epochSecond) {
        long ahead = epochSecond - now();
        if (ahead > 0) {
            ObjectNode setting = Json.object().put("id", ID).put("offset_seconds", offsetSeconds() + ahead);
            store.put(Kind.SETTING, setting);
        }
    }

    private long offsetSeconds() {
        ObjectNode setting = store.find(Kind.SETTING, ID);
        return setting == null ? 0 : setting.required("offset_seconds").longValue();
    }
}
