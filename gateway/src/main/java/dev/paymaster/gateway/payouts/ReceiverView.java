package dev.paymaster.gateway.payouts;

import dev.paymaster.events.payout.PayoutSnapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A payout as its receiver may see it. What Stripe said goes to administrators only, because it speaks of the platform's
 * own balance and account; and so do flags, because they speak of the sender's cards and bank accounts.
 */
final class ReceiverView {
    private ReceiverView() {}

    static PayoutList.Listed of(PayoutList.Listed listed) {
        return new PayoutList.Listed(of(listed.payout()), null);
    }

    private static PayoutSnapshot of(PayoutSnapshot payout) {
        return new PayoutSnapshot(
                payout.id(),
                payout.jobId(),
                payout.receiver(),
                payout.amountCents(),
                payout.status(),
                payout.reason(),
                explained(payout.reason()),
                payout.attempt(),
                payout.nextAttemptAt(),
                payout.accountId(),
                payout.transferId(),
                payout.createdAt(),
                payout.updatedAt(),
                payout.reversedCents(),
                payout.releaseAt(),
                payout.batchId(),
                payout.jobs());
    }

    static PayoutList.Detailed of(PayoutList.Detailed payout) {
        List<PayoutList.Attempt> attempts = payout.attempts().stream()
                .map(attempt -> new PayoutList.Attempt(
                        attempt.number(),
                        attempt.key(),
                        attempt.at(),
                        attempt.outcome(),
                        null,
                        attempt.transferId(),
                        attempt.nextStep(),
                        attempt.calledAt(),
                        attempt.calls()))
                .toList();
        return new PayoutList.Detailed(of(payout.payout()), null, payout.jobIds(), attempts);
    }

    private static @Nullable String explained(@Nullable String reason) {
        return switch (reason) {
            case null -> null;
            case "account_not_active" -> "Your account at Stripe cannot be paid yet; it is paid as soon as it can.";
            case "insufficient_funds" -> "The platform's balance at Stripe is short; it is tried again by itself.";
            case "new_receiver" -> "The first payouts to a new receiver wait for a while; see release_at.";
            case "revenue_cap" -> "The sender's purchases have to bring in more first; then it is paid by itself.";
            case "batched" -> "It is paid together with others; see batch_id.";
            case "reversal_requested", "reversal_refused" -> "The platform wants this payment back.";
            default -> "Stripe has refused; the platform has to see to it.";
        };
    }
}
