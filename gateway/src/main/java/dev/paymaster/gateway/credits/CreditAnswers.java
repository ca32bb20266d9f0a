package dev.paymaster.gateway.credits;

import dev.paymaster.events.MessageTypes;
import dev.paymaster.events.credit.CreditEvent;
import dev.paymaster.events.credit.CreditEvent.BalanceThresholdSet;
import dev.paymaster.events.credit.CreditEvent.GrantApplied;
import dev.paymaster.events.credit.CreditEvent.GrantRefused;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.live.Outcome;
import dev.paymaster.gateway.live.OutcomeAnswers;
import dev.paymaster.messaging.MessageReader;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** What comes of a command to credit-worker over HTTP: what was done; of a manual grant, the balances after it, too. */
@Component
final class CreditAnswers implements OutcomeAnswers {
    private final MessageReader<CreditEvent> events = new MessageReader<>(CreditEvent.class);

    @Override
    public Set<String> types() {
        return Set.of(
                MessageTypes.nameOf(GrantApplied.class),
                MessageTypes.nameOf(GrantRefused.class),
                MessageTypes.nameOf(BalanceThresholdSet.class));
    }

    @Override
    public ResponseEntity<Object> answer(Outcome outcome) {
        return switch (events.read(outcome.type(), outcome.value())) {
            case GrantApplied applied ->
                ResponseEntity.status(HttpStatus.CREATED).body(applied);
            case BalanceThresholdSet set -> ResponseEntity.ok(set);
            case GrantRefused refused ->
                throw refused.code().equals("idempotency_mismatch")
                        ? Problem.idempotencyMismatch()
                        : Problem.conflict(refused.code(), refused.detail());
            case CreditEvent entry -> throw new IllegalStateException(entry + " is no outcome of a command");
        };
    }
}
