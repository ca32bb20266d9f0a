package dev.paymaster.credit.lookup;

/** Looks things up at Stripe. Blocks on the network; changes nothing there. */
public interface StripeSearch {
    /**
     * What Stripe says.
     *
     * @throws NoAnswerException when Stripe can't be asked now, or its answer can't be read: that says nothing
     * @throws RuntimeException when Stripe refuses this question: that says nothing either
     */
    Answer find(Lookup lookup);
}
