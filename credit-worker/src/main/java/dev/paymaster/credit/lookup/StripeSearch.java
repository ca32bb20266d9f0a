package dev.paymaster.credit.lookup;

import java.util.List;

/** Looks things up at Stripe. Blocks on the network; changes nothing there. */
public interface StripeSearch {
    /**
     * What answers a lookup; empty when Stripe knows of nothing.
     *
     * @throws NoAnswerException when Stripe can't be asked now, or its answer can't be read: that says nothing
     * @throws RuntimeException when Stripe refuses this question: that says nothing either
     */
    List<Finding> find(Lookup lookup);
}
