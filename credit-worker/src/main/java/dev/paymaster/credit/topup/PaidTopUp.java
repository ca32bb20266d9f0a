package dev.paymaster.credit.topup;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A pack that was paid for.
 *
 * @param customerId Stripe's customer, if the checkout had one
 * @param paymentId what paid for it; absent when a coupon left nothing to pay
 * @param paidCents in cents of a US dollar
 */
public record PaidTopUp(
        String sessionId,
        UUID userId,
        @Nullable String customerId,
        Pack pack,
        @Nullable String paymentId,
        long paidCents) {}
