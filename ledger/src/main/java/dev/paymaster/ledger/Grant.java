package dev.paymaster.ledger;

import dev.paymaster.events.Text;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Credits to be given.
 *
 * @param source what kind of thing grants: {@code invoice}, {@code manual}
 * @param sourceRef what exactly grants; a second grant with the same one does nothing, for whatever user
 * @param amount whole credits, positive
 * @param periodStart start of the service period that was bought
 * @param expiresAt from when on the credits can't be spent; absent: never
 * @param revenueCents the cash that buys them, in cents of a US dollar
 */
public record Grant(
        String source,
        String sourceRef,
        long amount,
        @Nullable Instant periodStart,
        @Nullable Instant expiresAt,
        long revenueCents) {
    public Grant {
        Text.require("source", source, Text.MAX_LINE);
        Text.require("source_ref", sourceRef, Text.MAX_LINE);
        if (amount <= 0 || revenueCents < 0) {
            throw new IllegalArgumentException("a grant needs a positive amount and no negative revenue");
        }
    }
}
