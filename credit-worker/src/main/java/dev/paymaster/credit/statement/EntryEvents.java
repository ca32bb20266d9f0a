package dev.paymaster.credit.statement;

import dev.paymaster.events.Topics;
import dev.paymaster.events.credit.CreditEvent;
import dev.paymaster.ledger.Transfer;
import dev.paymaster.ledger.Transfers;
import dev.paymaster.messaging.Message;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Outbox;
import dev.paymaster.messaging.outbox.Outgoing;
import java.util.List;
import java.util.UUID;

/** Tells of ledger entries on {@code credit.events}, one event each. Thread-safe. */
public final class EntryEvents {
    private final EventWriter writer;

    public EntryEvents(EventWriter writer) {
        this.writer = writer;
    }

    /** Adds the events of what {@code cause} brought about, in order, and returns them. */
    public List<Outgoing> publish(List<Transfer> transfers, Message<?> cause, Outbox outbox) {
        List<Outgoing> events = transfers.stream()
                .map(transfer -> event(transfer.userId(), Transfers.toEvent(transfer), cause, transfer.sequence()))
                .toList();
        events.forEach(event -> outbox.add(cause, event));
        return events;
    }

    /** Adds the outcome of a command, which is no entry and so has no sequence. */
    public Outgoing outcome(CreditEvent.GrantApplied applied, Message<?> cause, Outbox outbox) {
        Outgoing event = unnumbered(applied.userId(), applied, cause);
        outbox.add(cause, event);
        return event;
    }

    /** A refusal: nothing has changed, so it has no sequence. */
    public Outgoing refusal(CreditEvent.GrantRefused refused, Message<?> cause) {
        return unnumbered(refused.userId(), refused, cause);
    }

    private Outgoing unnumbered(UUID userId, CreditEvent event, Message<?> cause) {
        return writer.event(Topics.CREDIT_EVENTS, userId.toString(), userId.toString(), event, cause, null);
    }

    private Outgoing event(UUID userId, CreditEvent event, Message<?> cause, long sequence) {
        return writer.event(Topics.CREDIT_EVENTS, userId.toString(), userId.toString(), event, cause, sequence);
    }
}
