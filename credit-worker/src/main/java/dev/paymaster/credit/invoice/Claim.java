package dev.paymaster.credit.invoice;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an invoice entitles to for one service period of one subscription: the credits from {@code above} up to {@code credits}.
 *
 * @param above credits of the tier that the invoice gives money back for, because it was changed from: these are another invoice's to
 *     pay for, and not granted before that is paid
 * @param credits of the highest tier paid for, as far as that was not given up again before it was billed
 * @param revenueCents the cash that the invoice brought in for the period: what it billed, less what it gave back for unused time,
 *     as far as that was paid, and not taken over by the customer's balance
 * @param paidCents the same with what the balance took over: what comes back for the period is measured by it
 */
public record Claim(
        Period period,
        String tier,
        long above,
        long credits,
        @Nullable Instant periodStart,
        @Nullable Instant expiresAt,
        long revenueCents,
        long paidCents) {
    public Claim {
        if (above < 0 || above > credits) {
            throw new IllegalArgumentException("a claim from " + above + " to " + credits + " credits");
        }
    }

    /** A service period; an upgrade within it has its own start, but the same end. */
    public record Period(String subscriptionId, Instant end) {}
}
