package dev.paymaster.gateway.limits;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits of one instance, under {@code limits}; several instances let through as many times that.
 *
 * @param perCaller requests of one user, with whichever key
 * @param perAddress refusals to one address for want of a valid key; and, counted apart, at the webhook for want of a valid
 *     signature, or of a whole body in time
 * @param withoutKey requests of one address for what needs no key: pages, the contract, new links for expired ones
 * @param allPerAddress requests of one address, whoever makes them, but for administrators
 * @param requests that are answered at once, beside Stripe's; further ones hear 503. One caller has half of them at the
 *     most, and half of them may wait for workers
 * @param connections that are open at once; further ones are closed
 * @param unreadAnswer how long a client may take nothing of an answer; then its connection is closed
 */
@ConfigurationProperties("limits")
public record LimitSettings(
        Rate perCaller,
        Rate perAddress,
        Rate withoutKey,
        Rate allPerAddress,
        @DefaultValue("512") int requests,
        @DefaultValue("10000") int connections,
        @DefaultValue("30s") Duration unreadAnswer) {
    public LimitSettings {
        if (requests < 2 || connections < 1 || unreadAnswer.toMillis() < 1) {
            throw new IllegalStateException(
                    "limits.requests takes 2 or more, limits.connections 1 or more, limits.unread-answer a time");
        }
    }

    /** How many of {@link #requests} one caller, or one purpose, may have. */
    public int half() {
        return requests / 2;
    }

    /**
     * So many a second, and so many at once after a pause.
     *
     * @param perSecond 0: no limit
     */
    public record Rate(int perSecond, int burst) {
        public Rate {
            if (perSecond < 0 || burst < 1) {
                throw new IllegalStateException(
                        "limits.per-caller, limits.per-address, limits.without-key and limits.all-per-address take a per-second"
                                + " of 0 or more and a burst of 1 or more");
            }
        }
    }
}
