package dev.paymaster.credit.lookup;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Stripe says to a look-up. */
public sealed interface Answer {

    /** What was looked for; at least one. */
    record Found(List<Finding> findings) implements Answer {}

    /** Nothing that helps now. That may change. */
    record Nothing() implements Answer {}

    /**
     * A payment that is over, and that nothing at Stripe joins to anything of ours.
     *
     * @param customerId who paid
     */
    record NotOurs(@Nullable String customerId) implements Answer {}
}
