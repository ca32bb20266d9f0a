package dev.paymaster.payout;

import static java.util.Objects.requireNonNull;

import dev.paymaster.events.MessageTypes;
import dev.paymaster.events.Topics;
import dev.paymaster.events.credit.CreditEvent;
import dev.paymaster.events.credit.CreditEvent.CashReceived;
import dev.paymaster.events.credit.CreditEvent.CashReturned;
import dev.paymaster.events.credit.CreditEvent.CreditsGranted;
import dev.paymaster.events.credit.LedgerEntry;
import dev.paymaster.events.job.JobEvent;
import dev.paymaster.events.job.JobEvent.JobVerified;
import dev.paymaster.events.job.JobSnapshot;
import dev.paymaster.events.payout.PayoutCommand;
import dev.paymaster.events.payout.PayoutCommand.ApplyFunds;
import dev.paymaster.events.payout.PayoutCommand.ApplyRevenue;
import dev.paymaster.events.payout.PayoutCommand.SchedulePayout;
import dev.paymaster.messaging.BatchHandler;
import dev.paymaster.messaging.Inbound;
import dev.paymaster.messaging.Message;
import dev.paymaster.messaging.MessageReader;
import dev.paymaster.messaging.UnreadableRecordException;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Outbox;
import dev.paymaster.payout.account.AccountReport;
import dev.paymaster.payout.account.StripeAccountEvents;
import dev.paymaster.payout.event.StripeEvent;
import dev.paymaster.payout.event.StripeMode;
import dev.paymaster.payout.instrument.InstrumentReport;
import dev.paymaster.payout.instrument.StripeInstrumentEvents;
import dev.paymaster.payout.recovery.StripeTransferEvents;
import dev.paymaster.payout.recovery.TransferReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Translates what concerns payouts in other topics into commands of their receivers, so that everything about one
 * receiver comes to one partition. All that it keeps itself is who has used which card or bank account,
 * and what senders' purchases have brought in.
 */
final class IntakeHandler implements BatchHandler<IntakeHandler.Fact> {
    private static final String BALANCE_AVAILABLE = "stripe.balance.available";

    private static final String JOB_VERIFIED = MessageTypes.nameOf(JobVerified.class);

    private static final Set<String> CASH = Set.of(
            MessageTypes.nameOf(CreditsGranted.class),
            MessageTypes.nameOf(CashReceived.class),
            MessageTypes.nameOf(CashReturned.class));

    private final MessageReader<JobEvent> jobEvents = new MessageReader<>(JobEvent.class);
    private final MessageReader<CreditEvent> creditEvents = new MessageReader<>(CreditEvent.class);
    private final Receivers receivers;
    private final MadePayouts payouts;
    private final Instruments instruments;
    private final Senders senders;
    private final StripeMode mode;
    private final EventWriter events;

    IntakeHandler(
            Receivers receivers,
            MadePayouts payouts,
            Instruments instruments,
            Senders senders,
            StripeMode mode,
            EventWriter events) {
        this.receivers = receivers;
        this.payouts = payouts;
        this.instruments = instruments;
        this.senders = senders;
        this.mode = mode;
        this.events = events;
    }

    /** Something that a payout may depend on. */
    sealed interface Fact {
        /** A job owes its receiver money. */
        record Debt(SchedulePayout command) implements Fact {}

        /** Stripe has told of an account, and perhaps of where its money goes. */
        record News(AccountReport report, @Nullable InstrumentReport instruments) implements Fact {}

        /** Stripe has told of somebody's card or bank account, or of whose they are. */
        record Used(InstrumentReport report) implements Fact {}

        /** Stripe has told of a transfer that was taken back. */
        record Reversal(TransferReport report) implements Fact {}

        /** A sender's purchase has brought in cash, or some has come back. */
        record Revenue(Senders.Cash cash) implements Fact {}

        /** Money has come to the platform's balance. */
        record Funds() implements Fact {}
    }

    @Override
    public String consumer() {
        return "payout-intake";
    }

    @Override
    public Set<String> topics() {
        return Set.of(Topics.JOB_EVENTS, Topics.STRIPE_EVENTS, Topics.CREDIT_EVENTS);
    }

    @Override
    public @Nullable Fact decode(Inbound record) {
        String type = record.envelope().type();
        if (record.topic().equals(Topics.STRIPE_EVENTS)) {
            return believed(new StripeEvent(type, record.value()));
        }
        try {
            return ofOurs(type, record.value());
        } catch (NullPointerException | IllegalArgumentException e) {
            // Commands are checked when they are read, events are not: one that is none of ours may lack anything.
            throw new UnreadableRecordException("not a valid " + type + ": " + e.getMessage(), e);
        }
    }

    private @Nullable Fact ofOurs(String type, byte[] value) {
        if (type.equals(JOB_VERIFIED) && jobEvents.read(type, value) instanceof JobVerified verified) {
            SchedulePayout command = debtOf(verified.job());
            return command == null ? null : new Fact.Debt(command);
        }
        Senders.Cash cash = CASH.contains(type) ? cashOf(creditEvents.read(type, value)) : null;
        return cash == null ? null : new Fact.Revenue(cash);
    }

    /** What was given costs nobody anything. */
    private static Senders.@Nullable Cash cashOf(CreditEvent event) {
        if (event instanceof CashReturned(UUID userId, String ref, long cents, long review)) {
            return new Senders.ReturnedCash(
                    requireNonNull(ref, "ref is missing"), requireNonNull(userId, "user_id is missing"), cents, review);
        }
        if (event instanceof CashReceived(UUID userId, String ref, long cents) && cents > 0) {
            return new Senders.FurtherCash(
                    requireNonNull(ref, "ref is missing"), requireNonNull(userId, "user_id is missing"), cents);
        }
        return event instanceof CreditsGranted(LedgerEntry entry, Long cents)
                        && cents != null
                        && cents > 0
                        && entry.lotId() != null
                ? new Senders.LotCash(entry.lotId(), requireNonNull(entry.userId(), "user_id is missing"), cents)
                : null;
    }

    /** What is played with at Stripe moves no money here, and the other way round. */
    private @Nullable Fact believed(StripeEvent event) {
        Fact fact = ofStripe(event);
        return fact == null || mode.isOthers(event) ? null : fact;
    }

    private static @Nullable Fact ofStripe(StripeEvent event) {
        if (event.type().equals(BALANCE_AVAILABLE)) {
            return event.account() == null ? new Fact.Funds() : null;
        }
        AccountReport account = StripeAccountEvents.read(event);
        InstrumentReport used = StripeInstrumentEvents.read(event);
        if (account != null) {
            return new Fact.News(account, used);
        }
        if (used != null) {
            return new Fact.Used(used);
        }
        TransferReport transfer = StripeTransferEvents.read(event);
        return transfer == null ? null : new Fact.Reversal(transfer);
    }

    /** Jobs of a time without Stripe cost nothing and pay nothing. */
    private static @Nullable SchedulePayout debtOf(JobSnapshot job) {
        return job.shadow() || job.payoutCents() <= 0
                ? null
                : new SchedulePayout(
                        requireNonNull(job.receiver(), "receiver is missing"),
                        job.id(),
                        job.sender(),
                        job.payoutCents());
    }

    @Override
    public void handle(List<Message<Fact>> batch, Outbox outbox) {
        Receivers.Known known = receivers.knownOf(reportsIn(batch));
        MadePayouts.Known made = payouts.knownOf(reversalsIn(batch));
        instruments.add(instrumentsIn(batch));
        Message<Fact> funds = null;
        for (Message<Fact> message : batch) {
            switch (message.body()) {
                case Fact.Funds _ -> funds = message;
                case Fact.Used _, Fact.Revenue _ -> {}
                case Fact.Debt debt -> add(message, debt.command().jobId().toString(), debt.command(), outbox);
                case Fact.News news -> add(message, news.report().accountId(), known.command(news.report()), outbox);
                case Fact.Reversal reversal ->
                    add(message, reversal.report().transferId(), made.command(reversal.report()), outbox);
            }
        }
        if (funds != null) {
            resume(funds, outbox);
        }
        for (Senders.Waiting covered : senders.earn(cashIn(batch)).settle()) {
            ApplyRevenue command = new ApplyRevenue(covered.receiver(), covered.payoutId());
            add(batch.getLast(), covered.payoutId().toString(), command, outbox);
        }
    }

    private static List<Senders.Cash> cashIn(List<Message<Fact>> batch) {
        List<Senders.Cash> cash = new ArrayList<>();
        for (Message<Fact> message : batch) {
            if (message.body() instanceof Fact.Revenue revenue) {
                cash.add(revenue.cash());
            }
        }
        return cash;
    }

    /** However much has come how often, whoever waits for it is told once. */
    private void resume(Message<Fact> cause, Outbox outbox) {
        Instant now = cause.envelope().time();
        for (UUID receiver : payouts.waitingForFunds()) {
            add(cause, receiver.toString(), new ApplyFunds(receiver, now), outbox);
        }
    }

    private static List<AccountReport> reportsIn(List<Message<Fact>> batch) {
        List<AccountReport> reports = new ArrayList<>();
        for (Message<Fact> message : batch) {
            if (message.body() instanceof Fact.News news) {
                reports.add(news.report());
            }
        }
        return reports;
    }

    private static List<InstrumentReport> instrumentsIn(List<Message<Fact>> batch) {
        List<InstrumentReport> reports = new ArrayList<>();
        for (Message<Fact> message : batch) {
            if (message.body() instanceof Fact.Used used) {
                reports.add(used.report());
            } else if (message.body() instanceof Fact.News news && news.instruments() != null) {
                reports.add(news.instruments());
            }
        }
        return reports;
    }

    private static List<TransferReport> reversalsIn(List<Message<Fact>> batch) {
        List<TransferReport> reports = new ArrayList<>();
        for (Message<Fact> message : batch) {
            if (message.body() instanceof Fact.Reversal reversal) {
                reports.add(reversal.report());
            }
        }
        return reports;
    }

    private void add(Message<?> cause, String subject, @Nullable PayoutCommand command, Outbox outbox) {
        if (command != null) {
            String key = command.receiver().toString();
            outbox.add(cause, events.event(Topics.PAYOUT_COMMANDS, key, subject, command, cause, null));
        }
    }
}
