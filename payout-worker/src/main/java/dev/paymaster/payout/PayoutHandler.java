package dev.paymaster.payout;

import dev.paymaster.events.Topics;
import dev.paymaster.events.payout.PayoutCommand;
import dev.paymaster.messaging.AfterCommit;
import dev.paymaster.messaging.BatchHandler;
import dev.paymaster.messaging.Inbound;
import dev.paymaster.messaging.Message;
import dev.paymaster.messaging.MessageReader;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Outbox;
import dev.paymaster.payout.transfer.DueSignal;
import java.util.List;
import java.util.Set;

/** Applies all commands about payouts; every change of a payout goes through here. */
final class PayoutHandler implements BatchHandler<PayoutCommand> {
    private final MessageReader<PayoutCommand> commands = new MessageReader<>(PayoutCommand.class);
    private final Tables tables;
    private final Judge judge;
    private final EventWriter events;
    private final PayoutMetrics metrics;
    private final DueSignal signal;

    PayoutHandler(Tables tables, Judge judge, EventWriter events, PayoutMetrics metrics, DueSignal signal) {
        this.tables = tables;
        this.judge = judge;
        this.events = events;
        this.metrics = metrics;
        this.signal = signal;
    }

    @Override
    public String consumer() {
        return "payout-worker";
    }

    @Override
    public Set<String> topics() {
        return Set.of(Topics.PAYOUT_COMMANDS);
    }

    @Override
    public PayoutCommand decode(Inbound record) {
        return commands.read(record.envelope().type(), record.value());
    }

    @Override
    public void handle(List<Message<PayoutCommand>> batch, Outbox outbox) {
        PayoutRound round = PayoutRound.open(batch, tables, judge, new PayoutEvents(events, outbox, metrics));
        batch.forEach(round::decide);
        round.save();
        if (round.madeDue()) {
            AfterCommit.run(signal::payoutsAreDue);
        }
    }
}
