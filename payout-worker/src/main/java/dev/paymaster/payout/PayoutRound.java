package dev.paymaster.payout;

import dev.paymaster.events.payout.PayoutCommand;
import dev.paymaster.events.payout.PayoutCommand.ApplyAccountStatus;
import dev.paymaster.events.payout.PayoutCommand.ApplyFunds;
import dev.paymaster.events.payout.PayoutCommand.ApplyRevenue;
import dev.paymaster.events.payout.PayoutCommand.ApplyReversal;
import dev.paymaster.events.payout.PayoutCommand.ApplyReversalOutcome;
import dev.paymaster.events.payout.PayoutCommand.ApplyTransferOutcome;
import dev.paymaster.events.payout.PayoutCommand.Outcome;
import dev.paymaster.events.payout.PayoutCommand.ReleasePayouts;
import dev.paymaster.events.payout.PayoutCommand.RetryPayout;
import dev.paymaster.events.payout.PayoutCommand.ReversePayout;
import dev.paymaster.events.payout.PayoutCommand.SchedulePayout;
import dev.paymaster.events.payout.PayoutEvent.PayoutRefused;
import dev.paymaster.messaging.CommandLog;
import dev.paymaster.messaging.Message;
import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.payout.obligation.Batching;
import dev.paymaster.payout.obligation.Key;
import dev.paymaster.payout.obligation.Made;
import dev.paymaster.payout.obligation.ObligationRules;
import dev.paymaster.payout.obligation.ObligationRules.Retry;
import dev.paymaster.payout.obligation.Owed;
import dev.paymaster.payout.obligation.Payout;
import dev.paymaster.payout.obligation.PayoutIds;
import dev.paymaster.payout.obligation.Plan;
import dev.paymaster.payout.recovery.OutcomeRules.Circumstances;
import dev.paymaster.payout.recovery.ReversalRules;
import dev.paymaster.payout.recovery.ReversalRules.Wish;
import dev.paymaster.payout.recovery.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
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
    private final SenderBatch senders;
    private final CommandLog.Batch log;
    private final Message<?> last;
    private final Instant now;
    private final List<AttemptLog.Entry> attempts = new ArrayList<>();
    private boolean madeDue;
    private boolean shortOfFunds;

    private PayoutRound(
            Tables tables,
            Judge judge,
            PayoutEvents events,
            AccountBatch accounts,
            PayoutBatch payouts,
            SenderBatch senders,
            CommandLog.Batch log,
            Message<?> last,
            Instant now) {
        this.tables = tables;
        this.judge = judge;
        this.events = events;
        this.accounts = accounts;
        this.payouts = payouts;
        this.senders = senders;
        this.log = log;
        this.last = last;
        this.now = now;
    }

    /** Accounts are locked before payouts, and those before senders, in every batch. */
    static PayoutRound open(List<Message<PayoutCommand>> batch, Tables tables, Judge judge, PayoutEvents events) {
        Instant now = tables.payouts().now();
        List<PayoutCommand> commands = batch.stream().map(Message::body).toList();
        AccountBatch accounts = tables.accounts()
                .open(commands.stream().map(PayoutCommand::receiver).collect(Collectors.toSet()));
        Set<UUID> ids = named(commands, PayoutRound::payoutOf);
        Set<UUID> wanted = new HashSet<>(ids);
        wanted.addAll(batchesFor(commands, judge.batching(), now));
        PayoutBatch payouts = tables.payouts()
                .open(
                        wanted,
                        named(commands, command -> command instanceof SchedulePayout s ? s.jobId() : null),
                        named(commands, PayoutRound::heldFor),
                        ids);
        List<Message<PayoutCommand>> fromOutside = batch.stream()
                .filter(message -> message.body() instanceof RetryPayout || message.body() instanceof ReversePayout)
                .toList();
        return new PayoutRound(
                tables,
                judge,
                events,
                accounts,
                payouts,
                sendersOf(commands, payouts, tables.senders()),
                tables.commands().open(fromOutside),
                batch.getLast(),
                now);
    }

    private static SenderBatch sendersOf(List<PayoutCommand> commands, PayoutBatch payouts, Senders senders) {
        Set<UUID> ids = named(commands, command -> command instanceof SchedulePayout s ? s.sender() : null);
        Set<UUID> waiting = new HashSet<>();
        for (PayoutRow row : payouts.all()) {
            if (!row.isBatch()) {
                ids.add(row.payout().owed().sender());
            }
            if (ObligationRules.waitsForRevenue(row.payout())) {
                waiting.add(row.id());
            }
        }
        return senders.open(ids, waiting);
    }

    private static <T> Set<T> named(List<PayoutCommand> commands, Function<PayoutCommand, @Nullable T> id) {
        return commands.stream().map(id).filter(Objects::nonNull).collect(Collectors.toSet());
    }

    /** The batches that something in these commands may come into. */
    private static Set<UUID> batchesFor(List<PayoutCommand> commands, @Nullable Batching batching, Instant now) {
        Set<UUID> ids = new HashSet<>();
        for (PayoutCommand command : commands) {
            if (batching != null && mayJoin(command)) {
                batching.openAt(now).forEach(number -> ids.add(batching.idOf(command.receiver(), number)));
            }
        }
        return ids;
    }

    private static boolean mayJoin(PayoutCommand command) {
        return switch (command) {
            case SchedulePayout _, ApplyAccountStatus _, ReleasePayouts _, ApplyRevenue _ -> true;
            case ApplyTransferOutcome outcome -> outcome.outcome() == Outcome.ABSENT;
            case RetryPayout _, ReversePayout _, ApplyFunds _, ApplyReversal _, ApplyReversalOutcome _ -> false;
        };
    }

    private static Payouts.@Nullable HeldFor heldFor(PayoutCommand command) {
        return switch (command) {
            case ApplyAccountStatus _, ReleasePayouts _ ->
                new Payouts.HeldFor(command.receiver(), Payout.Reason.ACCOUNT_NOT_ACTIVE);
            case ApplyFunds funds -> new Payouts.HeldFor(funds.receiver(), Payout.Reason.INSUFFICIENT_FUNDS);
            case SchedulePayout _,
                    ApplyTransferOutcome _,
                    ApplyRevenue _,
                    RetryPayout _,
                    ReversePayout _,
                    ApplyReversal _,
                    ApplyReversalOutcome _ -> null;
        };
    }

    private static @Nullable UUID payoutOf(PayoutCommand command) {
        return switch (command) {
            case ApplyTransferOutcome outcome -> outcome.payoutId();
            case RetryPayout retry -> retry.payoutId();
            case ReversePayout reverse -> reverse.payoutId();
            case ApplyRevenue revenue -> revenue.payoutId();
            case ApplyReversal reversal -> reversal.payoutId();
            case ApplyReversalOutcome outcome -> outcome.payoutId();
            case SchedulePayout _, ApplyAccountStatus _, ReleasePayouts _, ApplyFunds _ -> null;
        };
    }

    void decide(Message<PayoutCommand> message) {
        switch (message.body()) {
            case SchedulePayout schedule -> schedule(message, schedule);
            case ApplyAccountStatus report -> learn(message, report);
            case ReleasePayouts held -> release(message, held.receiver(), true);
            case ApplyTransferOutcome outcome -> apply(message, outcome);
            case ApplyFunds funds -> resume(funds);
            case ApplyRevenue revenue -> apply(message, revenue);
            case ApplyReversal reversal -> apply(message, reversal);
            case ApplyReversalOutcome outcome -> apply(message, outcome);
            case RetryPayout retry ->
                once(message, Wanted.of(retry), payout -> switch (ObligationRules.retried(
                        payout, accounts.isPayable(retry.receiver()), now)) {
                    case Retry.Done done -> new Reply.Changed(done.payout());
                    case Retry.Refused refused -> new Reply.Refused(refused.detail());
                });
            case ReversePayout reverse ->
                once(message, Wanted.of(reverse), payout -> switch (ReversalRules.wished(
                        payout, reverse.reason(), now)) {
                    case Wish.Granted granted -> new Reply.Changed(granted.payout());
                    case Wish.Refused refused -> new Reply.Refused(refused.detail());
                });
        }
    }

    void save() {
        accounts.save();
        payouts.save();
        for (Senders.Waiting covered : senders.settle()) {
            events.ask(last, new ApplyRevenue(covered.receiver(), covered.payoutId()), covered.payoutId());
        }
        tables.attempts().append(attempts);
        log.save();
        if (shortOfFunds) {
            tables.payouts().noteShortage();
        }
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
        Payout payout = scheduled(owed);
        UUID batchId = join(cause, payout);
        PayoutRow row = batchId == null
                ? add(prepared(payout))
                : add(Batching.member(owed, payout.key(), batchId)).in(batchId);
        note(row);
        events.tell(cause, row);
    }

    /** What its sender's cash doesn't cover waits in line before anything else is asked. */
    private Payout scheduled(Owed owed) {
        if (!senders.covers(owed)) {
            senders.join(owed);
            return ObligationRules.beyond(owed, senders.budget(owed.sender()));
        }
        return ObligationRules.scheduled(owed, accounts.isPayable(owed.receiver()), releaseAt(owed.receiver()), now);
    }

    private PayoutRow add(Payout payout) {
        PayoutRow row = payouts.add(payout);
        senders.follow(null, row);
        return row;
    }

    /**
     * Takes what is to be paid now into its receiver's batch, and returns that. Null when it is paid by itself: because it
     * isn't to be paid now, because Stripe may know of it already, or because two periods' batches are full.
     */
    private @Nullable UUID join(Message<?> cause, Payout payout) {
        Batching batching = judge.batching();
        if (batching == null || !Batching.admits(payout)) {
            return null;
        }
        for (long number : batching.openAt(now)) {
            UUID id = batching.idOf(payout.owed().receiver(), number);
            PayoutRow batch = payouts.find(id);
            if (batch == null) {
                events.tell(cause, note(add(batching.first(id, payout.owed(), number))));
                return id;
            }
            if (batch.claim() == null && Batching.isOpen(batch.payout(), batch.jobs(), payout.owed())) {
                int jobs = batch.jobs() + 1;
                announce(cause, batch.of(jobs), Batching.with(batch.payout(), payout.owed(), jobs));
                return id;
            }
        }
        return null;
    }

    private Payout prepared(Payout payout) {
        return judge.batching() == null ? payout : Batching.looking(payout);
    }

    private @Nullable Instant releaseAt(UUID receiver) {
        return accounts.releaseAt(receiver, judge.newReceiverHold());
    }

    private void learn(Message<?> cause, ApplyAccountStatus report) {
        AccountBatch.Learnt learnt = accounts.apply(report, now);
        if (learnt == null) {
            return;
        }
        if (learnt.news()) {
            events.tell(cause, learnt.account());
        }
        release(cause, report.receiver(), learnt.news());
    }

    /** Lets go on what has waited for a receiver's account, if that can be paid; what is too much for now, a little later. */
    private void release(Message<?> cause, UUID receiver, boolean news) {
        if (!accounts.isPayable(receiver)) {
            return;
        }
        List<PayoutRow> loaded = payouts.of(receiver);
        boolean some = false;
        for (PayoutRow row : loaded) {
            Payout released = ObligationRules.released(row.payout(), news, releaseAt(receiver), now);
            some |= released != null;
            release(cause, row, released);
        }
        if (some && loaded.size() >= Payouts.AT_ONCE) {
            events.ask(cause, new ReleasePayouts(receiver), receiver);
        }
    }

    /** Lets a payout go on that has waited, by itself or in a batch. */
    private void release(Message<?> cause, PayoutRow row, @Nullable Payout released) {
        if (released == null) {
            return;
        }
        UUID batchId = join(cause, released);
        if (batchId == null) {
            announce(cause, row, prepared(released));
        } else {
            announce(cause, row.in(batchId), Batching.member(released.owed(), released.key(), batchId));
        }
    }

    private void apply(Message<?> cause, ApplyRevenue revenue) {
        PayoutRow row = present(revenue.payoutId());
        if (!senders.isWaiting(row.id())) {
            UUID receiver = row.payout().owed().receiver();
            release(
                    cause,
                    row,
                    ObligationRules.afforded(row.payout(), accounts.isPayable(receiver), releaseAt(receiver), now));
        }
    }

    /** Nobody is told: what waits goes on waiting, only not as long. */
    private void resume(ApplyFunds funds) {
        for (PayoutRow row : payouts.of(funds.receiver())) {
            Payout resumed = row.claim() == null ? ObligationRules.funded(row.payout()) : null;
            if (resumed != null) {
                note(row.rescheduled(resumed, now));
            }
        }
    }

    private void apply(Message<?> cause, ApplyTransferOutcome outcome) {
        PayoutRow row = present(outcome.payoutId());
        switch (judge.outcomes().apply(row.payout(), outcome, circumstances(cause, row))) {
            case Verdict.Ignored _ -> {
                if (tellsOfANewCall(cause, row, outcome.calledAt())) {
                    attempts.add(AttemptLog.Entry.ofIgnored(cause, outcome, counted(row), now));
                }
            }
            case Verdict.Applied applied -> {
                boolean known = Objects.equals(row.payout().transfer(), outcome.transferId());
                Payout next = applied.payout();
                UUID batchId = Batching.joinsWhenAbsent(row.payout()) ? join(cause, next) : null;
                PayoutRow after = batchId == null
                        ? settle(cause, row, next)
                        : settle(cause, row.in(batchId), Batching.member(next.owed(), next.key(), batchId));
                AttemptLog.Entry line = AttemptLog.Entry.of(cause, outcome, after, now);
                attempts.add(known ? line.withoutTransfer() : line);
            }
            case Verdict.PaidTwice twice -> alarm(cause, row, outcome, twice);
        }
    }

    private void apply(Message<?> cause, ApplyReversal reversal) {
        PayoutRow row = present(reversal.payoutId());
        Verdict verdict = ReversalRules.told(row.payout(), reversal.transferId(), reversal.reversedCents());
        if (verdict instanceof Verdict.Applied applied) {
            attempts.add(AttemptLog.Entry.of(reversal, settle(cause, row, applied.payout())));
        } else {
            LOG.debug("payout {}: {} is known", row.id(), reversal);
        }
    }

    private void apply(Message<?> cause, ApplyReversalOutcome outcome) {
        PayoutRow row = present(outcome.payoutId());
        Verdict verdict = judge.reversals().apply(row.payout(), outcome, circumstances(cause, row));
        if (verdict instanceof Verdict.Applied applied) {
            attempts.add(AttemptLog.Entry.of(cause, outcome, settle(cause, row, applied.payout()), now));
        } else if (tellsOfANewCall(cause, row, outcome.calledAt())) {
            attempts.add(AttemptLog.Entry.ofIgnored(cause, outcome, counted(row), now));
        }
    }

    /** Whether there was a call, and it has no line yet: outcomes may be told repeatedly. */
    private boolean tellsOfANewCall(Message<?> cause, PayoutRow row, @Nullable Instant calledAt) {
        String id = cause.envelope().id();
        return calledAt != null
                && attempts.stream().noneMatch(line -> id.equals(line.commandId()))
                && !tables.attempts().tellsOf(row.id(), id);
    }

    /** The same payout with one call more. */
    private PayoutRow counted(PayoutRow row) {
        PayoutRow after = row.called();
        payouts.put(after);
        return after;
    }

    private PayoutRow present(UUID payoutId) {
        PayoutRow row = payouts.find(payoutId);
        if (row == null) {
            throw new IllegalArgumentException("there is no payout " + payoutId);
        }
        return row;
    }

    private Circumstances circumstances(Message<?> cause, PayoutRow row) {
        boolean payable = accounts.isPayable(row.payout().owed().receiver());
        return new Circumstances(isAwaited(cause, row), payable, judge.jitter().getAsDouble(), now);
    }

    private static boolean isAwaited(Message<?> cause, PayoutRow row) {
        return row.claim() != null
                && row.claim().toString().equals(cause.envelope().id());
    }

    /** The awaited outcome has come, or something that makes it meaningless, or something besides. */
    private PayoutRow settle(Message<?> cause, PayoutRow row, Payout next) {
        boolean over = isAwaited(cause, row) || next.next() == null;
        PayoutRow called = over ? row.called().unclaimed() : row.called();
        if (next instanceof Payout.Failed failed) {
            LOG.error("payout {} was refused and waits for an administrator: {}", row.id(), failed.detail());
        }
        shortOfFunds |= ObligationRules.hasWaitedForFunds(row.payout()) || ObligationRules.waitsForFunds(next);
        if (!isVisible(row.payout(), next)) {
            return note(called.rescheduled(next, now));
        }
        Made made = row.payout().made() == null ? next.made() : null;
        PayoutRow paid = made != null && made.reversedCents() > 0
                ? announce(cause, called, new Payout.Paid(next.owed(), next.key(), made.transferId()))
                : called;
        PayoutRow after = announce(cause, paid, next);
        if (row.isBatch()) {
            payouts.madeWith(row.id()).forEach(member -> follow(cause, member, next));
        }
        return after;
    }

    /** What becomes of a job's payout when its batch is paid, or wholly taken back. */
    private void follow(Message<?> cause, PayoutRow member, Payout batch) {
        String transferId = batch.transfer();
        if (transferId == null) {
            return;
        }
        Owed owed = member.payout().owed();
        Key key = member.payout().key();
        PayoutRow paid = transferId.equals(member.payout().transfer())
                ? member
                : announce(cause, member, new Payout.Paid(owed, key, transferId));
        if (batch instanceof Payout.Reversed reversed && !(paid.payout() instanceof Payout.Reversed)) {
            announce(cause, paid, new Payout.Reversed(owed, key, transferId, reversed.detail()));
        }
    }

    /** What becomes of a job's payout when its batch, which was taken back, is to be paid once more. */
    private void waitAgain(Message<?> cause, PayoutRow member) {
        if (member.payout() instanceof Payout.Reversed reversed && member.batchId() != null) {
            announce(cause, member, Batching.member(reversed.owed(), reversed.key(), member.batchId()));
        }
    }

    /** Waiting a little longer for the same thing is no news. */
    private static boolean isVisible(Payout before, Payout after) {
        return before.status() != after.status()
                || !Objects.equals(before.reason(), after.reason())
                || !Objects.equals(before.made(), after.made())
                || before.key().attempt() != after.key().attempt();
    }

    private void alarm(Message<?> cause, PayoutRow row, ApplyTransferOutcome outcome, Verdict.PaidTwice twice) {
        LOG.error(
                "payout {} was made twice: {} counts, and {} must be reversed by hand",
                row.id(),
                twice.firstTransferId(),
                twice.secondTransferId());
        events.metrics().paidTwice();
        attempts.add(AttemptLog.Entry.ofSecondTransfer(cause, outcome, counted(row), now));
    }

    /** Which payout somebody wants to be changed. */
    private record Wanted(UUID receiver, UUID payoutId) {
        static Wanted of(RetryPayout command) {
            return new Wanted(command.receiver(), command.payoutId());
        }

        static Wanted of(ReversePayout command) {
            return new Wanted(command.receiver(), command.payoutId());
        }
    }

    /** What the rules say to it. */
    private sealed interface Reply {
        record Changed(Payout payout) implements Reply {}

        record Refused(String detail) implements Reply {}
    }

    /** Decides a command from outside, once for each id. */
    private void once(Message<?> command, Wanted wanted, Function<Payout, Reply> rule) {
        switch (log.earlier(command)) {
            case CommandLog.Earlier.None _ -> log.decided(command, decided(command, wanted, rule));
            case CommandLog.Earlier.Same same -> events.repeat(command, same.outcome());
            case CommandLog.Earlier.Other _ ->
                refuse(command, wanted, "idempotency_mismatch", "the command's id was used for another command", null);
        }
    }

    private Outgoing decided(Message<?> command, Wanted wanted, Function<Payout, Reply> rule) {
        PayoutRow row = payouts.find(wanted.payoutId());
        if (row == null || !row.payout().owed().receiver().equals(wanted.receiver())) {
            return refuse(command, wanted, "not_found", "there is no such payout", null);
        }
        if (row.batchId() != null) {
            return refuse(command, wanted, "invalid_state", "it is made by payout " + row.batchId(), row.payout());
        }
        return switch (rule.apply(row.payout())) {
            case Reply.Changed changed -> {
                Outgoing told = events.tell(command, note(row.announced(changed.payout(), now)));
                payouts.madeWith(row.id()).forEach(member -> waitAgain(command, member));
                yield told;
            }
            case Reply.Refused refused -> refuse(command, wanted, "invalid_state", refused.detail(), row.payout());
        };
    }

    private Outgoing refuse(Message<?> command, Wanted wanted, String code, String detail, @Nullable Payout payout) {
        PayoutRefused refusal =
                new PayoutRefused(wanted.payoutId(), code, detail, payout == null ? null : payout.status());
        return events.refuse(command, wanted.receiver(), refusal);
    }

    private PayoutRow announce(Message<?> cause, PayoutRow row, Payout next) {
        PayoutRow after = note(row.announced(next, now));
        events.tell(cause, after);
        return after;
    }

    private PayoutRow note(PayoutRow row) {
        senders.follow(payouts.find(row.id()), row);
        payouts.put(row);
        Plan next = row.payout().next();
        madeDue |= next != null && !next.at().isAfter(now) && row.claim() == null;
        return row;
    }
}
