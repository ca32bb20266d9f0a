package dev.paymaster.payout;

import dev.paymaster.events.Topics;
import dev.paymaster.events.payout.PayoutCommand;
import dev.paymaster.events.payout.PayoutEvent;
import dev.paymaster.messaging.Message;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Outbox;
import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.payout.account.ReceiverAccount;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What one batch tells the world. */
record PayoutEvents(EventWriter writer, Outbox outbox, PayoutMetrics metrics) {

    /** Tells of the payout's present state. */
    Outgoing tell(Message<?> cause, PayoutRow row) {
        metrics.changed(row.payout().status());
        UUID receiver = row.payout().owed().receiver();
        return add(cause, receiver, row.id().toString(), row.event(), row.sequence());
    }

    void tell(Message<?> cause, ReceiverAccount account) {
        PayoutEvent.AccountUpdated event = new PayoutEvent.AccountUpdated(account.snapshot());
        add(cause, account.receiver(), account.accountId(), event, null);
    }

    Outgoing refuse(Message<?> cause, UUID receiver, PayoutEvent.PayoutRefused refusal) {
        return add(cause, receiver, refusal.payoutId().toString(), refusal, null);
    }

    /** Asks for a change that is not made at once: another payout's partition has to, or there is much of it. */
    void ask(Message<?> cause, PayoutCommand command, UUID subject) {
        String key = command.receiver().toString();
        outbox.add(cause, writer.event(Topics.PAYOUT_COMMANDS, key, subject.toString(), command, cause, null));
    }

    /** Gives a repeated command its first outcome again. */
    void repeat(Message<?> cause, Outgoing outcome) {
        outbox.add(cause, outcome);
    }

    private Outgoing add(Message<?> cause, UUID receiver, String subject, PayoutEvent event, @Nullable Long sequence) {
        Outgoing outgoing = writer.event(Topics.PAYOUT_EVENTS, receiver.toString(), subject, event, cause, sequence);
        outbox.add(cause, outgoing);
        return outgoing;
    }
}
