package dev.paymaster.events.payout;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happened to a payout or to a receiver's account. The envelope's sequence counts the changes of one payout. */
public sealed interface PayoutEvent {

    /** The payout will be made as soon as Stripe can be called. */
    record PayoutScheduled(PayoutSnapshot payout) implements PayoutEvent {}

    /** The payout waits, for the reason in {@code payout.reason}. */
    record PayoutHeld(PayoutSnapshot payout) implements PayoutEvent {}

    /**
     * Stripe has made the transfer. Told again, with {@code payout.reason}, when an administrator wants it back and when
     * Stripe refuses that.
     */
    record PayoutPaid(PayoutSnapshot payout) implements PayoutEvent {}

    /** Stripe has refused for good; an administrator may retry. */
    record PayoutFailed(PayoutSnapshot payout) implements PayoutEvent {}

    /**
     * Of the transfer, {@code payout.reversed_cents} have been taken back by now: all of it when the payout's status is
     * reversed, a part when it is still paid.
     */
    record PayoutReversed(PayoutSnapshot payout) implements PayoutEvent {}

    /** What is known of a receiver's account has changed; the envelope has no sequence. */
    record AccountUpdated(AccountSnapshot account) implements PayoutEvent {}

    /**
     * A command was refused and nothing has changed; the envelope has no sequence.
     *
     * @param code stable, for programs: {@code not_found}, {@code invalid_state}, {@code idempotency_mismatch}
     */
    record PayoutRefused(
            UUID payoutId,
            String code,
            String detail,
            @Nullable PayoutStatus status) implements PayoutEvent {}
}
