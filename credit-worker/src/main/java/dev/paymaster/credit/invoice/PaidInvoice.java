package dev.paymaster.credit.invoice;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A paid invoice that entitles to something, or gives money back for what others have entitled to.
 *
 * @param userId whom the invoice itself names
 * @param givenBack for periods for which it bills less than it gives back, or as much
 * @param paidCents what settled all that it bills: payment, customer's balance and what it gives back itself; what comes back of
 *     it is measured by it
 * @param cashCents what of that was paid, at Stripe or elsewhere; the balance was paid for before, if at all
 */
public record PaidInvoice(
        String id,
        @Nullable String customerId,
        @Nullable UUID userId,
        List<Claim> claims,
        List<GivenBack> givenBack,
        long paidCents,
        long cashCents) {
    public PaidInvoice {
        claims = List.copyOf(claims);
        givenBack = List.copyOf(givenBack);
        if (claims.isEmpty() && givenBack.isEmpty()) {
            throw new IllegalArgumentException("invoice " + id + " entitles to nothing, and gives nothing back");
        }
        if (customerId == null && userId == null) {
            throw new IllegalArgumentException("invoice " + id + " names neither a customer nor a user");
        }
    }
}
