package dev.paymaster.gateway.payouts;

import dev.paymaster.events.MessageTypes;
import dev.paymaster.events.payout.PayoutEvent;
import dev.paymaster.events.payout.PayoutEvent.AccountUpdated;
import dev.paymaster.events.payout.PayoutEvent.PayoutFailed;
import dev.paymaster.events.payout.PayoutEvent.PayoutHeld;
import dev.paymaster.events.payout.PayoutEvent.PayoutPaid;
import dev.paymaster.events.payout.PayoutEvent.PayoutRefused;
import dev.paymaster.events.payout.PayoutEvent.PayoutReversed;
import dev.paymaster.events.payout.PayoutEvent.PayoutScheduled;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.live.Outcome;
import dev.paymaster.gateway.live.OutcomeAnswers;
import dev.paymaster.messaging.MessageReader;
import java.util.HashSet;
import java.util.Set;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** What comes of retrying a payout or taking it back, over HTTP: the payout as it is then. */
@Component
final class PayoutAnswers implements OutcomeAnswers {
    private final MessageReader<PayoutEvent> events = new MessageReader<>(PayoutEvent.class);

    @Override
    public Set<String> types() {
        Set<String> types = new HashSet<>(MessageTypes.of(PayoutEvent.class).keySet());
        types.remove(MessageTypes.nameOf(AccountUpdated.class));
        return types;
    }

    @Override
    public ResponseEntity<Object> answer(Outcome outcome) {
        return switch (events.read(outcome.type(), outcome.value())) {
            case PayoutScheduled scheduled -> ResponseEntity.ok(scheduled.payout());
            case PayoutHeld held -> ResponseEntity.ok(held.payout());
            case PayoutPaid paid -> ResponseEntity.ok(paid.payout());
            case PayoutFailed failed -> ResponseEntity.ok(failed.payout());
            case PayoutReversed reversed -> ResponseEntity.ok(reversed.payout());
            case PayoutRefused refused -> throw problem(refused);
            case AccountUpdated _ -> throw new IllegalStateException("an account's news is no outcome of a command");
        };
    }

    private static Problem problem(PayoutRefused refused) {
        Problem problem = switch (refused.code()) {
            case "not_found" -> Problem.notFound("payout");
            case "idempotency_mismatch" -> Problem.idempotencyMismatch();
            default -> Problem.conflict(refused.code(), refused.detail());
        };
        return refused.status() == null ? problem : problem.with("payout_status", refused.status());
    }
}
