package dev.paymaster.system.chaos;

import java.time.Duration;

/**
 * How long what has been broken may take to be whole again.
 *
 * @param finish until everybody knows what came of their calls: leases must end, and partitions be taken over
 * @param rest until nothing is under way any more: a look at Stripe comes when no lost call can be under way
 * @param patience until every rule holds at rest: events follow their commit by a moment, but not by more
 */
record Limits(Duration finish, Duration rest, Duration patience) {
    /** Longer than anything can be away, with the time that it takes to be back. */
    static final Duration OUTAGE = FaultPlan.LONGEST_FAULT.plusMinutes(1);

    static final Limits GENEROUS = new Limits(Duration.ofMinutes(3), Duration.ofMinutes(4), Duration.ofSeconds(10));
}
