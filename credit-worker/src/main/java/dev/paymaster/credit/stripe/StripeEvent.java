package dev.paymaster.credit.stripe;

import org.jspecify.annotations.Nullable;

/**
 * One of Stripe's events.
 *
 * @param id {@code evt_…}
 * @param type for example {@code invoice.paid}
 * @param createdSeconds when it happened, in seconds since 1970; 0 when the event doesn't say
 * @param account the connected account that it happened on; absent: the platform itself
 * @param livemode whether it is about real money; absent when the event doesn't say
 * @param object what it happened to
 */
public record StripeEvent(
        String id,
        String type,
        long createdSeconds,
        @Nullable String account,
        @Nullable Boolean livemode,
        StripeObject object) {}
