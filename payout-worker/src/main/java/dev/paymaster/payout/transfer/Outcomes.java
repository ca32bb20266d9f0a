package dev.paymaster.payout.transfer;

import dev.paymaster.events.Topics;
import dev.paymaster.events.payout.PayoutCommand;
import dev.paymaster.events.payout.PayoutCommand.ApplyReversalOutcome;
import dev.paymaster.events.payout.PayoutCommand.ApplyTransferOutcome;
import dev.paymaster.events.payout.PayoutCommand.Outcome;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.messaging.outbox.Publisher;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells what came of calls, as commands that the payout's partition applies. Thread-safe. */
final class Outcomes {
    private final EventWriter events;
    private final Publisher publisher;
    private final Clock clock;

    Outcomes(EventWriter events, Publisher publisher, Clock clock) {
        this.events = events;
        this.publisher = publisher;
        this.clock = clock;
    }

    /**
     * Publishes one outcome. The claim's id is the command's id: the payout knows by it whether it still awaits this. Each
     * further transfer is told of after it, as an outcome that nobody awaits.
     *
     * @throws RuntimeException when Kafka has not surely taken it; then the lease ends, and the same key is used again
     */
    void publish(Claim claim, Answer answer, Tries tries) {
        Order order = claim.order();
        PayoutCommand outcome = switch (order) {
            case TransferOrder _ ->
                new ApplyTransferOutcome(
                        order.receiver(),
                        order.payoutId(),
                        claim.number(),
                        answer.outcome(),
                        answer.transferId(),
                        answer.detail(),
                        clock.instant(),
                        reversedCents(answer),
                        tries.first(),
                        tries.several());
            case ReversalOrder reversal ->
                new ApplyReversalOutcome(
                        order.receiver(),
                        order.payoutId(),
                        claim.number(),
                        reversal.transferId(),
                        answer.outcome(),
                        reversedCents(answer),
                        answer.detail(),
                        clock.instant(),
                        tries.first(),
                        tries.several());
        };
        List<Outgoing> records = new ArrayList<>();
        records.add(command(order, claim.id().toString(), outcome));
        for (String other : answer.others()) {
            records.add(command(
                    order,
                    claim.id() + ":" + other,
                    new ApplyTransferOutcome(
                            order.receiver(),
                            order.payoutId(),
                            claim.number(),
                            Outcome.PAID,
                            other,
                            answer.detail(),
                            clock.instant())));
        }
        publisher.publish(records);
    }

    private Outgoing command(Order order, String id, PayoutCommand outcome) {
        return events.command(
                Topics.PAYOUT_COMMANDS,
                order.receiver().toString(),
                id,
                order.payoutId().toString(),
                outcome);
    }

    private static @Nullable Long reversedCents(Answer answer) {
        return answer.outcome() == Outcome.PAID ? answer.reversedCents() : null;
    }
}
