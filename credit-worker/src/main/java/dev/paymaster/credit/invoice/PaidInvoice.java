package dev.paymaster.credit.invoice;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A paid invoice that entitles to something.
 *
 * @param userId whom the invoice itself names
 * @param paidCents what settled all of it, payment and customer's balance; what comes back is measured by it
 * @param cashCents what of that was paid, at Stripe or elsewhere; the balance was paid for before, if at all
 */
public record PaidInvoice(
        String id,
        @Nullable String customerId,
        @Nullable UUID userId,
        List<Claim> claims,
        long paidCents,
        long cashCents) {
    public PaidInvoice {
        claims = List.copyOf(claims);
        if (claims.isEmpty()) {
            throw new IllegalArgumentException("invoice " + id + " entitles to nothing");
        }
        if (customerId == null && userId == null) {
            throw new IllegalArgumentException("invoice " + id + " names neither a customer nor a user");
        }
    }
}
