package dev.paymaster.credit.payment;

import dev.paymaster.credit.reversal.Purchase;
import dev.paymaster.events.Topics;
import dev.paymaster.events.credit.CreditCommand.ReviewPurchase;
import dev.paymaster.messaging.Ids;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Outgoing;
import java.util.UUID;

/** Makes the command that has a purchase reviewed, on its user's partition. Thread-safe. */
public final class ReviewCommands {
    private final EventWriter writer;
    private final Ids ids;

    public ReviewCommands(EventWriter writer, Ids ids) {
        this.writer = writer;
        this.ids = ids;
    }

    public Outgoing of(Purchase purchase, UUID userId) {
        String user = userId.toString();
        return writer.command(
                Topics.CREDIT_COMMANDS, user, ids.next().toString(), user, new ReviewPurchase(userId, purchase.ref()));
    }
}
