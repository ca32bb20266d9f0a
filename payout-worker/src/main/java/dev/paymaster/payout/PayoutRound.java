package dev.paymaster.payout;

import dev.paymaster.events.payout.PayoutCommand;
import dev.paymaster.events.payout.PayoutCommand.ApplyAccountStatus;
import dev.paymaster.events.payout.PayoutCommand.ApplyTransferOutcome;
import dev.paymaster.events.payout.PayoutCommand.RetryPayout;
import dev.paymaster.events.payout.PayoutCommand.SchedulePayout;
import dev.paymaster.events.payout.PayoutEvent.PayoutRefused;
import dev.paymaster.messaging.CommandLog;
import dev.paymaster.messaging.Message;
import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.payout.obligation.ObligationRules;
import dev.paymaster.payout.obligation.ObligationRules.Retry;
import dev.paymaster.payout.obligation.Owed;
import dev.paymaster.payout.obligation.Payout;
import dev.paymaster.payout.obligation.PayoutIds;
import dev.paymaster.payout.obligation.Plan;
import dev.paymaster.payout.recovery.OutcomeRules.Circumstances;
import dev.paymaster.payout.recovery.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One batch of commands: loads what they touch, asks the rules, and saves. For one thread and one transaction. */
final class PayoutRound {
    private static final Logger LOG = LoggerFactory.getLogger(PayoutRound.class);

    private final Tables tables;
    private final Judge judge;
    private final PayoutEvents events;
    private final AccountBatch accounts;
    private final PayoutBatch payouts;
    private final CommandLog.Batch log;
    private final Instant now;
    private final List<AttemptLog.Entry> attempts = new ArrayList<>();
    private boolean madeDue;

    private PayoutRound(
            Tables tables,
            Judge judge,
            PayoutEvents events,
            AccountBatch accounts,
            PayoutBatch payouts,
            CommandLog.Batch log) {
        this.tables = tables;
        this.judge = judge;
        this.events = events;
        this.accounts = accounts;
        this.payouts = payouts;
        this.log = log;
        this.now = tables.payouts().now();
    }

    /** Accounts are locked before payouts, in every batch. */
    static PayoutRound open(List<Message<PayoutCommand>> batch, Tables tables, Judge judge, PayoutEvents events) {
        List<PayoutCommand> commands = batch.stream().map(Message::body).toList();
        AccountBatch accounts = tables.accounts()
                .open(commands.stream().map(PayoutCommand::receiver).collect(Collectors.toSet()));
        PayoutBatch payouts = tables.payouts()
                .open(
                        named(commands, PayoutRound::payoutOf),
                        named(commands, command -> command instanceof SchedulePayout s ? s.jobId() : null),
                        named(commands, command -> command instanceof ApplyAccountStatus a ? a.receiver() : null));
        List<Message<PayoutCommand>> retries = batch.stream()
                .filter(message -> message.body() instanceof RetryPayout)
                .toList();
        return new PayoutRound(
                tables, judge, events, accounts, payouts, tables.commands().open(retries));
    }

    private static Set<UUID> named(List<PayoutCommand> commands, Function<PayoutCommand, @Nullable UUID> id) {
        return commands.stream().map(id).filter(Objects::nonNull).collect(Collectors.toSet());
    }

    private static @Nullable UUID payoutOf(PayoutCommand command) {
        return switch (command) {
            case ApplyTransferOutcome outcome -> outcome.payoutId();
            case RetryPayout retry -> retry.payoutId();
            case SchedulePayout _, ApplyAccountStatus _ -> null;
        };
    }

    void decide(Message<PayoutCommand> message) {
        switch (message.body()) {
            case SchedulePayout schedule -> schedule(message, schedule);
            case ApplyAccountStatus report -> learn(message, report);
            case ApplyTransferOutcome outcome -> apply(message, outcome);
            case RetryPayout retry -> retry(message, retry);
        }
    }

    void save() {
        accounts.save();
        payouts.save();
        tables.attempts().append(attempts);
        log.save();
    }

    /** Whether something can be called now that could not before. */
    boolean madeDue() {
        return madeDue;
    }

    private void schedule(Message<?> cause, SchedulePayout command) {
        if (payouts.hasPayoutOf(command.jobId())) {
            return;
        }
        Owed owed = new Owed(
                PayoutIds.of(command.jobId()),
                command.jobId(),
                command.sender(),
                command.receiver(),
                command.amountCents(),
                "Payout for job " + command.jobId(),
                now);
        Payout payout = ObligationRules.scheduled(owed, accounts.isPayable(command.receiver()), now);
        PayoutRow row = payouts.add(payout);
        note(row);
        events.tell(cause, row);
    }

    private void learn(Message<?> cause, ApplyAccountStatus report) {
        AccountBatch.Learnt learnt = accounts.apply(report, now);
        if (learnt == null) {
            return;
        }
        if (learnt.news()) {
            events.tell(cause, learnt.account());
        }
        if (learnt.account().isPayable()) {
            for (PayoutRow row : payouts.of(report.receiver())) {
                Payout released = ObligationRules.released(row.payout(), now);
                if (released != null) {
                    announce(cause, row, released);
                }
            }
        }
    }

    private void apply(Message<?> cause, ApplyTransferOutcome outcome) {
        PayoutRow row = payouts.find(outcome.payoutId());
        if (row == null) {
            throw new IllegalArgumentException("there is no payout " + outcome.payoutId());
        }
        boolean awaited = row.claim() != null
                && row.claim().toString().equals(cause.envelope().id());
        boolean payable = accounts.isPayable(row.payout().owed().receiver());
        Circumstances circumstances =
                new Circumstances(awaited, payable, judge.jitter().getAsDouble(), now);
        switch (judge.outcomes().apply(row.payout(), outcome, circumstances)) {
            case Verdict.Ignored _ -> LOG.debug("payout {}: {} is out of date", row.id(), outcome);
            case Verdict.Applied applied -> settle(cause, row, outcome, applied.payout());
            case Verdict.PaidTwice twice -> alarm(row, outcome, twice);
        }
    }

    /** The awaited outcome has come, or one that makes it meaningless. */
    private void settle(Message<?> cause, PayoutRow row, ApplyTransferOutcome outcome, Payout next) {
        PayoutRow called = row.called().unclaimed();
        PayoutRow after =
                isVisible(row.payout(), next) ? announce(cause, called, next) : note(called.rescheduled(next, now));
        attempts.add(AttemptLog.Entry.of(outcome, after));
        if (next instanceof Payout.Failed failed) {
            LOG.error("payout {} was refused and waits for an administrator: {}", row.id(), failed.detail());
        }
    }

    /** Waiting a little longer for the same thing is no news. */
    private static boolean isVisible(Payout before, Payout after) {
        return before.status() != after.status()
                || !Objects.equals(before.reason(), after.reason())
                || before.key().attempt() != after.key().attempt();
    }

    private void alarm(PayoutRow row, ApplyTransferOutcome outcome, Verdict.PaidTwice twice) {
        LOG.error(
                "payout {} was made twice: {} counts, and {} must be reversed by hand",
                row.id(),
                twice.firstTransferId(),
                twice.secondTransferId());
        events.metrics().paidTwice();
        PayoutRow after = row.called();
        payouts.put(after);
        attempts.add(AttemptLog.Entry.ofSecondTransfer(outcome, after));
    }

    private void retry(Message<?> command, RetryPayout retry) {
        switch (log.earlier(command)) {
            case CommandLog.Earlier.None _ -> log.decided(command, tried(command, retry));
            case CommandLog.Earlier.Same same -> events.repeat(command, same.outcome());
            case CommandLog.Earlier.Other _ ->
                refuse(command, retry, "idempotency_mismatch", "the command's id was used for another command", null);
        }
    }

    private Outgoing tried(Message<?> command, RetryPayout retry) {
        PayoutRow row = payouts.find(retry.payoutId());
        if (row == null || !row.payout().owed().receiver().equals(retry.receiver())) {
            return refuse(command, retry, "not_found", "there is no such payout", null);
        }
        Payout payout = row.payout();
        return switch (ObligationRules.retried(payout, accounts.isPayable(retry.receiver()), now)) {
            case Retry.Done done -> {
                PayoutRow after = note(row.announced(done.payout(), now));
                yield events.tell(command, after);
            }
            case Retry.Refused refused -> refuse(command, retry, "invalid_state", refused.detail(), payout);
        };
    }

    private Outgoing refuse(
            Message<?> command, RetryPayout retry, String code, String detail, @Nullable Payout payout) {
        PayoutRefused refusal =
                new PayoutRefused(retry.payoutId(), code, detail, payout == null ? null : payout.status());
        return events.refuse(command, retry.receiver(), refusal);
    }

    private PayoutRow announce(Message<?> cause, PayoutRow row, Payout next) {
        PayoutRow after = note(row.announced(next, now));
        events.tell(cause, after);
        return after;
    }

    private PayoutRow note(PayoutRow row) {
        payouts.put(row);
        Plan next = row.payout().next();
        madeDue |= next != null && !next.at().isAfter(now) && row.claim() == null;
        return row;
    }
}
