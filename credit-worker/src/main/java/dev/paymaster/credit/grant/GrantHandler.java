package dev.paymaster.credit.grant;

import dev.paymaster.credit.payment.Reviews;
import dev.paymaster.credit.reversal.Purchase;
import dev.paymaster.credit.statement.EntryEvents;
import dev.paymaster.events.Topics;
import dev.paymaster.events.credit.CreditCommand;
import dev.paymaster.events.credit.CreditCommand.ExpireLots;
import dev.paymaster.events.credit.CreditCommand.GrantCredits;
import dev.paymaster.events.credit.CreditCommand.ReviewPurchase;
import dev.paymaster.events.credit.CreditCommand.SetBalanceThreshold;
import dev.paymaster.events.credit.CreditEvent.BalanceThresholdSet;
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
import dev.paymaster.messaging.DecisionTime;
import dev.paymaster.messaging.Inbound;
import dev.paymaster.messaging.Message;
import dev.paymaster.messaging.MessageReader;
import dev.paymaster.messaging.UnreadableRecordException;
import dev.paymaster.messaging.outbox.Outbox;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Applies {@code credit.commands}. The outcome of a grant, which is what a repeated one gets again, is
 * {@link GrantApplied}; it follows the events of the ledger's entries. Reviews and expiries have no
 * outcome of their own.
 */
public final class GrantHandler implements BatchHandler<CreditCommand> {
    private static final String SOURCE = "manual";

    private final MessageReader<CreditCommand> reader = new MessageReader<>(CreditCommand.class);
    private final Ledger ledger;
    private final Reviews reviews;
    private final CommandLog commandLog;
    private final EntryEvents events;
    private final DecisionTime time;

    public GrantHandler(Ledger ledger, Reviews reviews, CommandLog commandLog, EntryEvents events, DecisionTime time) {
        this.ledger = ledger;
        this.reviews = reviews;
        this.commandLog = commandLog;
        this.events = events;
        this.time = time;
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
        CreditCommand command = reader.read(record.envelope().type(), record.value());
        if (command instanceof ReviewPurchase(UUID _, String purchase)) {
            requirePurchase(purchase);
        }
        return command;
    }

    private static void requirePurchase(String ref) {
        try {
            Purchase.of(ref);
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecordException("not a valid ReviewPurchase: " + e.getMessage(), e);
        }
    }

    @Override
    public void handle(List<Message<CreditCommand>> batch, Outbox outbox) {
        Instant now = time.now();
        CommandLog.Batch log = commandLog.open(batch);
        Reviews.Batch reviewed = reviews.open(purchases(batch));
        LedgerBatch accounts = ledger.open(scope(batch, reviewed));
        for (Message<CreditCommand> command : batch) {
            switch (command.body()) {
                case GrantCredits grant -> apply(grant, command, new Work(accounts, log, outbox, now));
                case SetBalanceThreshold set -> apply(set, command, new Work(accounts, log, outbox, now));
                case ExpireLots expire ->
                    events.publish(accounts, accounts.expire(expire.userId(), now), command, outbox);
                case ReviewPurchase review -> {
                    Purchase purchase = Purchase.of(review.purchase());
                    events.publish(accounts, reviewed.apply(purchase, accounts, now), command, outbox);
                    reviewed.takeCashBack(purchase).ifPresent(cash -> events.returned(cash, command, outbox));
                }
            }
        }
        accounts.save();
        reviewed.save();
        log.save();
    }

    /** What a batch works on. */
    private record Work(LedgerBatch accounts, CommandLog.Batch log, Outbox outbox, Instant now) {}

    private static List<Purchase> purchases(List<Message<CreditCommand>> batch) {
        List<Purchase> purchases = new ArrayList<>();
        for (Message<CreditCommand> command : batch) {
            if (command.body() instanceof ReviewPurchase(UUID _, String purchase)) {
                purchases.add(Purchase.of(purchase));
            }
        }
        return purchases;
    }

    private static LedgerScope scope(List<Message<CreditCommand>> batch, Reviews.Batch reviewed) {
        Set<UUID> userIds = new HashSet<>(reviewed.userIds());
        Set<String> refs = new HashSet<>();
        for (Message<CreditCommand> command : batch) {
            switch (command.body()) {
                case GrantCredits grant -> {
                    userIds.add(grant.userId());
                    refs.add(refOf(command));
                }
                case SetBalanceThreshold set -> userIds.add(set.userId());
                case ExpireLots expire -> userIds.add(expire.userId());
                case ReviewPurchase _ -> {}
            }
        }
        return new LedgerScope(userIds, Set.of(), refs, reviewed.userIds());
    }

    private void apply(GrantCredits grant, Message<CreditCommand> command, Work work) {
        switch (work.log().earlier(command)) {
            case Earlier.None _ -> {
                List<Transfer> transfers = post(grant, refOf(command), work);
                events.publish(work.accounts(), transfers, command, work.outbox());
                GrantApplied applied = applied(grant, transfers.getLast());
                work.log().decided(command, events.outcome(applied, command, work.outbox()));
            }
            case Earlier.Same same -> work.outbox().add(command, same.outcome());
            case Earlier.Other _ -> events.refusal(mismatch(grant.userId()), command, work.outbox());
        }
    }

    private void apply(SetBalanceThreshold set, Message<CreditCommand> command, Work work) {
        switch (work.log().earlier(command)) {
            case Earlier.None _ -> {
                work.accounts().setThreshold(set.userId(), set.credits());
                BalanceThresholdSet done = new BalanceThresholdSet(set.userId(), set.credits());
                work.log().decided(command, events.outcome(done, command, work.outbox()));
            }
            case Earlier.Same same -> work.outbox().add(command, same.outcome());
            case Earlier.Other _ -> events.refusal(mismatch(set.userId()), command, work.outbox());
        }
    }

    private static List<Transfer> post(GrantCredits grant, String ref, Work work) {
        long amount = grant.amount();
        return amount > 0
                ? work.accounts()
                        .grant(grant.userId(), new Grant(SOURCE, ref, amount, null, grant.expiresAt(), 0), work.now())
                : work.accounts().revoke(grant.userId(), ref, -amount, null, work.now());
    }

    private static String refOf(Message<CreditCommand> command) {
        return SOURCE + ":" + command.envelope().id();
    }

    /** A grant makes at least one transfer; the last one has the balances after all of them. */
    private static GrantApplied applied(GrantCredits grant, Transfer last) {
        return new GrantApplied(
                grant.userId(),
                grant.amount(),
                grant.reason(),
                last.availableAfter(),
                last.heldAfter(),
                last.debtAfter());
    }

    private static GrantRefused mismatch(UUID userId) {
        return new GrantRefused(userId, "idempotency_mismatch", "This command id was used for another command.");
    }
}
