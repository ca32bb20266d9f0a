package dev.paymaster.credit.customer;

import dev.paymaster.credit.stripe.StripeObject;
import dev.paymaster.credit.stripe.UserId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A customer of Stripe's is a user of ours. */
public record CustomerLink(String customerId, UUID userId) {

    /** The link that a completed checkout makes: only ours name a user, and only subscriptions have invoices. */
    public static @Nullable CustomerLink ofCheckout(StripeObject session) {
        UUID userId = UserId.of(session.clientReferenceId());
        String customerId = session.customer();
        if (!"subscription".equals(session.mode()) || userId == null || customerId == null) {
            return null;
        }
        return new CustomerLink(customerId, userId);
    }
}
