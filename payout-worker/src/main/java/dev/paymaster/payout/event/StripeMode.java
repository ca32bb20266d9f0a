package dev.paymaster.payout.event;

import dev.paymaster.messaging.UnreadableRecordException;
import org.jspecify.annotations.Nullable;

/** Which of Stripe's two worlds this service's key opens: that of real money, or the one for tests. */
public final class StripeMode {
    private final @Nullable Boolean live;

    private StripeMode(@Nullable Boolean live) {
        this.live = live;
    }

    /**
     * That of a key.
     *
     * @param secretKey a secret or a restricted one; blank: there is none, and events of both are believed
     */
    public static StripeMode of(String secretKey) {
        String key = secretKey.strip();
        return new StripeMode(key.isEmpty() ? null : key.startsWith("sk_live_") || key.startsWith("rk_live_"));
    }

    /**
     * Whether an event is of the other world and none of ours: endpoints of connected accounts in live mode get their test
     * events, too.
     *
     * @see <a href="https://docs.stripe.com/connect/webhooks">Connect webhooks</a>
     * @throws UnreadableRecordException when it is of the other world, and shouldn't have come
     */
    public boolean isOthers(StripeEvent event) {
        Boolean told = event.live();
        if (live == null || told == null || told.equals(live)) {
            return false;
        }
        if (told || event.account() == null) {
            throw new UnreadableRecordException(
                    "the event is of " + (told ? "live" : "test")
                            + " mode, and the secret key is of the other: check STRIPE_SECRET_KEY and where Stripe's webhook points");
        }
        return true;
    }
}
