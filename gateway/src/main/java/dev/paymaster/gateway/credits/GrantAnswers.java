package dev.paymaster.gateway.credits;

import dev.paymaster.events.MessageTypes;
import dev.paymaster.events.credit.CreditEvent;
import dev.paymaster.events.credit.CreditEvent.CreditsCaptured;
import dev.paymaster.events.credit.CreditEvent.CreditsExpired;
import dev.paymaster.events.credit.CreditEvent.CreditsGranted;
import dev.paymaster.events.credit.CreditEvent.CreditsHeld;
import dev.paymaster.events.credit.CreditEvent.CreditsReinstated;
import dev.paymaster.events.credit.CreditEvent.CreditsReleased;
import dev.paymaster.events.credit.CreditEvent.CreditsRevoked;
import dev.paymaster.events.credit.CreditEvent.DebtRepaid;
import dev.paymaster.events.credit.CreditEvent.GrantRefused;
import dev.paymaster.events.credit.LedgerEntry;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.live.Outcome;
import dev.paymaster.gateway.live.OutcomeAnswers;
import dev.paymaster.messaging.MessageReader;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** What comes of a manual grant over HTTP: the first ledger entry that it made. */
@Component
final class GrantAnswers implements OutcomeAnswers {
    private final MessageReader<CreditEvent> events = new MessageReader<>(CreditEvent.class);

    @Override
    public Set<String> types() {
        return MessageTypes.of(CreditEvent.class).keySet();
    }

    @Override
    public ResponseEntity<Object> answer(Outcome outcome) {
        return switch (events.read(outcome.type(), outcome.value())) {
            case CreditsGranted granted -> created(granted.entry());
            case DebtRepaid repaid -> created(repaid.entry());
            case CreditsRevoked revoked -> created(revoked.entry());
            case CreditsReinstated reinstated -> created(reinstated.entry());
            case GrantRefused refused ->
                throw refused.code().equals("idempotency_mismatch")
                        ? Problem.idempotencyMismatch()
                        : Problem.conflict(refused.code(), refused.detail());
            case CreditsHeld _, CreditsCaptured _, CreditsReleased _, CreditsExpired _ ->
                throw new IllegalStateException(outcome.type() + " is no outcome of a grant");
        };
    }

    private static ResponseEntity<Object> created(LedgerEntry entry) {
        return ResponseEntity.status(HttpStatus.CREATED).body(entry);
    }
}
