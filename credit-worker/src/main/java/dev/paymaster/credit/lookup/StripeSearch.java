package dev.paymaster.credit.lookup;

import java.util.List;

/** Looks things up at Stripe. Blocks on the network; changes nothing there. */
public interface StripeSearch {
    /**
     * What answers a lookup; empty when Stripe knows of nothing.
     *
     * @throws RuntimeException when Stripe can't be asked, or its answer can't be read: that says nothing
     */
    List<Finding> find(Lookup lookup);
}
