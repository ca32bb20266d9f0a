package dev.paymaster.credit.grant;

import dev.paymaster.credit.statement.EntryEvents;
import dev.paymaster.events.Topics;
import dev.paymaster.events.credit.CreditCommand;
import dev.paymaster.events.credit.CreditCommand.GrantCredits;
import dev.paymaster.events.credit.CreditEvent.GrantApplied;
import dev.paymaster.events.credit.CreditEvent.GrantRefused;
import dev.paymaster.ledger.Grant;
import dev.paymaster.ledger.Ledger;
import dev.paymaster.ledger.LedgerBatch;
import dev.paymaster.ledger.LedgerScope;
import dev.paymaster.ledger.Transfer;
import dev.paymaster.messaging.BatchHandler;
import dev.paymaster.messaging.CommandLog;
import dev.paymaster.messaging.CommandLog.Earlier;
import dev.paymaster.messaging.Inbound;
import dev.paymaster.messaging.Message;
import dev.paymaster.messaging.MessageReader;
import dev.paymaster.messaging.outbox.Outbox;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Applies {@code credit.commands}. The outcome of a command, which is what a repeated command gets again, is
 * {@link GrantApplied}; it follows the events of the ledger's entries.
 */
public final class GrantHandler implements BatchHandler<CreditCommand> {
    private static final String SOURCE = "manual";

    private final MessageReader<CreditCommand> reader = new MessageReader<>(CreditCommand.class);
    private final Ledger ledger;
    private final CommandLog commandLog;
    private final EntryEvents events;
    private final Clock clock;

    public GrantHandler(Ledger ledger, CommandLog commandLog, EntryEvents events, Clock clock) {
        this.ledger = ledger;
        this.commandLog = commandLog;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public String consumer() {
        return "credit-worker.grants";
    }

    @Override
    public Set<String> topics() {
        return Set.of(Topics.CREDIT_COMMANDS);
    }

    @Override
    public CreditCommand decode(Inbound record) {
        return reader.read(record.envelope().type(), record.value());
    }

    @Override
    public void handle(List<Message<CreditCommand>> batch, Outbox outbox) {
        Instant now = clock.instant();
        CommandLog.Batch log = commandLog.open(batch);
        LedgerBatch accounts = ledger.open(scope(batch));
        for (Message<CreditCommand> command : batch) {
            switch (log.earlier(command)) {
                case Earlier.None _ -> {
                    List<Transfer> transfers = apply(accounts, command, now);
                    events.publish(transfers, command, outbox);
                    log.decided(command, events.outcome(applied(command.body(), transfers.getLast()), command, outbox));
                }
                case Earlier.Same same -> outbox.add(command, same.outcome());
                case Earlier.Other _ -> events.refusal(mismatch(command.body()), command, outbox);
            }
        }
        accounts.save();
        log.save();
    }

    private static LedgerScope scope(List<Message<CreditCommand>> batch) {
        Set<UUID> userIds = new HashSet<>();
        Set<String> refs = new HashSet<>();
        for (Message<CreditCommand> command : batch) {
            userIds.add(userOf(command.body()));
            refs.add(refOf(command));
        }
        return new LedgerScope(userIds, Set.of(), refs);
    }

    private static List<Transfer> apply(LedgerBatch accounts, Message<CreditCommand> command, Instant now) {
        return switch (command.body()) {
            case GrantCredits grant
            when grant.amount() > 0 ->
                accounts.grant(
                        grant.userId(),
                        new Grant(SOURCE, refOf(command), grant.amount(), null, grant.expiresAt(), 0),
                        now);
            case GrantCredits taken -> accounts.revoke(taken.userId(), refOf(command), -taken.amount(), null, now);
        };
    }

    private static UUID userOf(CreditCommand command) {
        return switch (command) {
            case GrantCredits grant -> grant.userId();
        };
    }

    private static String refOf(Message<CreditCommand> command) {
        return SOURCE + ":" + command.envelope().id();
    }

    /** A grant makes at least one transfer; the last one has the balances after all of them. */
    private static GrantApplied applied(CreditCommand command, Transfer last) {
        return switch (command) {
            case GrantCredits grant ->
                new GrantApplied(
                        grant.userId(),
                        grant.amount(),
                        grant.reason(),
                        last.availableAfter(),
                        last.heldAfter(),
                        last.debtAfter());
        };
    }

    private static GrantRefused mismatch(CreditCommand command) {
        return new GrantRefused(
                userOf(command), "idempotency_mismatch", "This command id was used for another command.");
    }
}
