package dev.paymaster.stripesandbox.faults;

import org.jspecify.annotations.Nullable;

/** Something that goes wrong with a call of the API. */
public sealed interface ApiFault {
    /** The call takes this much longer; its idempotency key is in use meanwhile. */
    record Latency(long minMillis, long maxMillis) implements ApiFault {}

    /** The connection is cut before anything happened. */
    record DropRequest() implements ApiFault {}

    /**
     * The call has its effect, then the answer is lost.
     *
     * @param truncated half of the answer is sent before the cut, so that no client can take it for a stale connection
     */
    record DropResponse(boolean truncated) implements ApiFault {}

    /** Stripe fails with 500, before or after the effect; either way the 500 is saved under the key. */
    record ServerError(boolean afterEffect) implements ApiFault {}

    /** 429 with {@code Stripe-Rate-Limited-Reason}; nothing happened and nothing is saved. */
    record RateLimited(String reason) implements ApiFault {}

    /** 409 {@code idempotency_key_in_use}; nothing happened. */
    record KeyInUse() implements ApiFault {}

    /** Stripe refuses the call where it would have had its effect; the refusal is saved under the key. */
    record Refused(@Nullable String code, String message) implements ApiFault {}

    /** Stripe turns the call away because of who makes it; nothing happened and nothing is saved. */
    record TurnedAway(int status, @Nullable String code, String message) implements ApiFault {}

    /**
     * Something between Stripe and the client answers in Stripe's place.
     *
     * @param effect whether the call reached Stripe
     */
    record ForeignBody(int status, String contentType, String body, boolean effect) implements ApiFault {}
}
