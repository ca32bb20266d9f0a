package dev.paymaster.credit.billing;

import dev.paymaster.credit.reversal.Purchase;
import dev.paymaster.credit.reversal.Purchase.OfSession;
import dev.paymaster.credit.topup.PaidTopUp;
import dev.paymaster.ledger.Grant;
import dev.paymaster.messaging.Message;
import java.time.Duration;
import java.time.Instant;

/**
 * A top-up that was paid for.
 *
 * @param cause the event that told of it
 */
record DueTopUp(PaidTopUp topUp, Message<?> cause) {
    private static final String SOURCE = "topup";

    Purchase purchase() {
        return new OfSession(topUp.sessionId());
    }

    Grant grant(Instant now) {
        Duration expiresAfter = topUp.pack().expiresAfter();
        return new Grant(
                SOURCE,
                purchase().ref(),
                topUp.pack().credits(),
                null,
                expiresAfter == null ? null : now.plus(expiresAfter),
                topUp.paidCents());
    }
}
