package dev.paymaster.credit.statement;

import dev.paymaster.events.Topics;
import dev.paymaster.events.credit.CreditEvent;
import dev.paymaster.events.credit.CreditEvent.BalanceLow;
import dev.paymaster.ledger.LedgerBatch;
import dev.paymaster.ledger.Transfer;
import dev.paymaster.ledger.TransferKind;
import dev.paymaster.ledger.Transfers;
import dev.paymaster.messaging.Message;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Outbox;
import dev.paymaster.messaging.outbox.Outgoing;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tells of ledger entries on {@code credit.events}, one event each. Thread-safe. */
public final class EntryEvents {
    private final EventWriter writer;

    public EntryEvents(EventWriter writer) {
        this.writer = writer;
    }

    /** Adds the events of what {@code cause} brought about, in order, and what has to be told after them. */
    public void publish(LedgerBatch accounts, List<Transfer> transfers, Message<?> cause, Outbox outbox) {
        for (Transfer transfer : transfers) {
            CreditEvent event = transfer.kind() == TransferKind.GRANT
                    ? Transfers.toEvent(transfer, accounts.revenueOf(transfer))
                    : Transfers.toEvent(transfer);
            add(transfer.userId(), event, cause, transfer.sequence(), outbox);
        }
        for (BalanceLow low : accounts.lowBalances(transfers)) {
            add(low.userId(), low, cause, null, outbox);
        }
    }

    /** Adds what an invoice brought in that is in no lot. */
    public void received(CreditEvent.CashReceived cash, Message<?> cause, Outbox outbox) {
        add(cash.userId(), cash, cause, null, outbox);
    }

    /** Adds what has come back of the cash of a purchase. */
    public void returned(CreditEvent.CashReturned cash, Message<?> cause, Outbox outbox) {
        add(cash.userId(), cash, cause, null, outbox);
    }

    /** Adds the outcome of a command, which is no entry and so has no sequence; returns it for the command log. */
    public Outgoing outcome(CreditEvent.GrantApplied applied, Message<?> cause, Outbox outbox) {
        return add(applied.userId(), applied, cause, null, outbox);
    }

    /** Adds the outcome of setting a threshold; returns it for the command log. */
    public Outgoing outcome(CreditEvent.BalanceThresholdSet set, Message<?> cause, Outbox outbox) {
        return add(set.userId(), set, cause, null, outbox);
    }

    /** Adds a refusal: nothing has changed, so it has no sequence. */
    public void refusal(CreditEvent.GrantRefused refused, Message<?> cause, Outbox outbox) {
        add(refused.userId(), refused, cause, null, outbox);
    }

    private Outgoing add(UUID userId, CreditEvent event, Message<?> cause, @Nullable Long sequence, Outbox outbox) {
        String user = userId.toString();
        Outgoing outgoing = writer.event(Topics.CREDIT_EVENTS, user, user, event, cause, sequence);
        outbox.add(cause, outgoing);
        return outgoing;
    }
}
