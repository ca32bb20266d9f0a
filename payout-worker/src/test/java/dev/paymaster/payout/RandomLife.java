package dev.paymaster.payout;

import dev.paymaster.events.payout.PayoutCommand;
import dev.paymaster.events.payout.PayoutCommand.ApplyReversal;
import dev.paymaster.events.payout.PayoutCommand.ApplyReversalOutcome;
import dev.paymaster.events.payout.PayoutCommand.ApplyTransferOutcome;
import dev.paymaster.events.payout.PayoutCommand.Outcome;
import dev.paymaster.payout.obligation.Key;
import dev.paymaster.payout.obligation.ObligationRules;
import dev.paymaster.payout.obligation.ObligationRules.Retry;
import dev.paymaster.payout.obligation.Payout;
import dev.paymaster.payout.obligation.Plan;
import dev.paymaster.payout.obligation.Plan.Step;
import dev.paymaster.payout.recovery.OutcomeRules;
import dev.paymaster.payout.recovery.OutcomeRules.Circumstances;
import dev.paymaster.payout.recovery.Patience;
import dev.paymaster.payout.recovery.ReversalRules;
import dev.paymaster.payout.recovery.ReversalRules.Wish;
import dev.paymaster.payout.recovery.Verdict;
import dev.paymaster.payout.transfer.Answer;
import dev.paymaster.payout.transfer.Order;
import dev.paymaster.payout.transfer.ReversalOrder;
import dev.paymaster.payout.transfer.TransferOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One payout's life from a seed: workers claim, are slow, die before the call, after it or after publishing; outcomes
 * come late, twice, or out of order; the account, the funds and an administrator interfere. The claim follows the same
 * rules as the statement that claims in the database.
 */
final class RandomLife {
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final Duration LONGEST_CALL = Duration.ofSeconds(15);

    /** A mistake that somebody could make, planted to see that these lives find it. */
    enum Flaw {
        NONE,
        /** Every repetition has a key of its own. */
        FRESH_KEY_PER_CALL,
        /** A refusal is taken as an answer about all earlier calls too. */
        NEW_KEY_AFTER_REFUSAL,
        /** A lookup is believed while a lost call may still take effect. */
        NO_SETTLING,
        /** A key is used for longer than Stripe remembers it. */
        ANCIENT_KEYS,
        /** A worker that was asleep calls though its lease is long over. */
        CALLS_AFTER_THE_LEASE,
        /** A payout is made once more though Stripe hasn't said that the old transfer is gone. */
        PAYS_AGAIN_UNSEEN
    }

    private final Random random;
    private final Flaw flaw;
    private final Patience patience;
    private final OutcomeRules rules;
    private final List<Claim> slowWorkers = new ArrayList<>();
    private final List<Told> underWay = new ArrayList<>();
    final ModelStripe stripe;
    final List<String> story = new ArrayList<>();
    private Instant now = Samples.NOW;
    private boolean payable;
    private int claims;
    private int awaited;
    private @Nullable Instant leaseUntil;
    private Payout payout;
    boolean paidTwice;

    RandomLife(long seed, Flaw flaw) {
        this.flaw = flaw;
        patience = flaw == Flaw.NO_SETTLING ? withoutSettling(Samples.PATIENCE) : Samples.PATIENCE;
        rules = new OutcomeRules(patience);
        random = new Random(seed);
        stripe = new ModelStripe(random);
        stripe.faults = random.nextDouble() * 0.6;
        payable = random.nextBoolean();
        stripe.payable = payable;
        stripe.funded = random.nextInt(4) > 0;
        payout = ObligationRules.scheduled(Samples.OWED, payable, null, now);
    }

    private record Claim(int number, Order order, int attempt, Step step, Instant leaseEnd) {}

    private record Told(int claim, PayoutCommand command) {}

    Payout payout() {
        return payout;
    }

    /** A few hundred random happenings. */
    void beLived() {
        for (int i = 0; i < 300; i++) {
            switch (random.nextInt(12)) {
                case 0, 1 -> now = now.plusMillis(random.nextInt(5_000));
                case 2 -> now = now.plusSeconds(random.nextInt(30));
                case 3 -> letTimePass();
                case 4, 5, 6 -> claim();
                case 7 -> continueSlowWorker();
                case 8, 9 -> deliver();
                case 10 -> changeTheWorld();
                default -> retry();
            }
        }
    }

    /** Then nothing goes wrong any more, and an administrator retries what has failed and mends what was taken back. */
    void endWell() {
        stripe.faults = 0;
        stripe.funded = true;
        stripe.payable = true;
        learnOfAccount(true);
        stripe.reversible = true;
        for (int i = 0; i < 200; i++) {
            while (!underWay.isEmpty()) {
                deliver();
            }
            if (payout instanceof Payout.Paid paid && paid.made().reversedCents() == 0) {
                return;
            }
            if (payout instanceof Payout.Failed || payout instanceof Payout.Reversed) {
                retry();
            }
            if (payout instanceof Payout.Paid) {
                wish();
            }
            now = now.plusSeconds(60);
            claim();
        }
    }

    /** Mostly seconds, sometimes minutes, now and then a day. */
    private void letTimePass() {
        now = now.plusSeconds(
                switch (random.nextInt(20)) {
                    case 0 -> random.nextInt(100_000);
                    case 1, 2, 3, 4 -> random.nextInt(300);
                    default -> random.nextInt(10);
                });
    }

    private void claim() {
        Plan plan = payout.next();
        if (plan == null || plan.at().isAfter(now) || (leaseUntil != null && leaseUntil.isAfter(now))) {
            return;
        }
        Key key = payout.key();
        Instant doubt = key.doubtUntil();
        if (leaseUntil != null && (plan.step() == Step.CALL || plan.step() == Step.REVERSE)) {
            Instant settled = leaseUntil.plus(patience.settling());
            doubt = doubt == null || doubt.isBefore(settled) ? settled : doubt;
        }
        Instant firstUsedAt = key.firstUsedAt() == null ? now : key.firstUsedAt();
        Key claimed = new Key(key.attempt(), key.unknowns(), key.waits(), doubt, firstUsedAt, "acct_1", key.past());
        leaseUntil = now.plus(LEASE);
        awaited = ++claims;
        boolean forgotten = firstUsedAt.isBefore(now.minus(Key.MEMORY)) && flaw != Flaw.ANCIENT_KEYS;
        Step step = forgotten ? lookingOnly(plan.step()) : plan.step();
        payout = claimed(payout, claimed, new Plan(step, plan.at()));
        boolean reversal = step == Step.REVERSE || step == Step.INSPECT;
        int attempt = reversal ? claimed.past().recalls() : claimed.attempt();
        Claim claim = new Claim(claims, reversal ? reversal(attempt) : order(attempt), attempt, step, leaseUntil);
        tell("claim " + claim.number() + " " + step + " #" + claim.attempt());
        if (stripe.faults > 0 && random.nextInt(4) == 0) {
            slowWorkers.add(claim); // or dead: many of them never go on
        } else {
            carryOut(claim);
        }
    }

    private void continueSlowWorker() {
        if (!slowWorkers.isEmpty()) {
            Claim claim = slowWorkers.remove(random.nextInt(slowWorkers.size()));
            if (!now.plus(LONGEST_CALL).isAfter(claim.leaseEnd()) || flaw == Flaw.CALLS_AFTER_THE_LEASE) {
                carryOut(claim);
            }
        }
    }

    private void carryOut(Claim claim) {
        Answer answer = switch (claim.order()) {
            case TransferOrder order -> claim.step() == Step.CALL ? stripe.make(order, now) : stripe.find(now);
            case ReversalOrder order ->
                claim.step() == Step.REVERSE ? stripe.reverse(order, now) : stripe.inspect(order, now);
        };
        tell("  " + answer.outcome() + " " + answer.detail());
        if (stripe.faults > 0 && random.nextInt(8) == 0) {
            return; // dead before it could publish
        }
        Told told = new Told(claim.number(), outcome(claim, answer));
        underWay.add(told);
        if (random.nextInt(6) == 0) {
            underWay.add(told);
        }
        if (random.nextInt(3) > 0) {
            deliver();
        }
    }

    private PayoutCommand outcome(Claim claim, Answer answer) {
        Long cents = answer.outcome() == Outcome.PAID ? answer.reversedCents() : null;
        return switch (claim.order()) {
            case TransferOrder _ ->
                new ApplyTransferOutcome(
                        Samples.RECEIVER,
                        Samples.OWED.id(),
                        claim.attempt(),
                        answer.outcome(),
                        answer.transferId(),
                        answer.detail(),
                        now,
                        cents,
                        now,
                        null);
            case ReversalOrder order ->
                new ApplyReversalOutcome(
                        Samples.RECEIVER,
                        Samples.OWED.id(),
                        claim.attempt(),
                        order.transferId(),
                        answer.outcome(),
                        cents,
                        answer.detail(),
                        now,
                        now,
                        null);
        };
    }

    private void deliver() {
        if (underWay.isEmpty()) {
            return;
        }
        Told told = underWay.remove(random.nextInt(underWay.size()));
        Circumstances circumstances =
                new Circumstances(leaseUntil != null && told.claim() == awaited, payable, random.nextDouble(), now);
        switch (verdict(told.command(), circumstances)) {
            case Verdict.Applied applied -> {
                payout = told.command() instanceof ApplyTransferOutcome outcome
                        ? flawed(applied.payout(), outcome.outcome())
                        : applied.payout();
                if (circumstances.awaited() || payout.next() == null) {
                    leaseUntil = null;
                }
                tell("  applied: " + Samples.inWords(payout));
            }
            case Verdict.Ignored _ -> tell("  ignored " + told.command());
            case Verdict.PaidTwice _ -> paidTwice = true;
        }
    }

    private Verdict verdict(PayoutCommand command, Circumstances circumstances) {
        return switch (command) {
            case ApplyTransferOutcome outcome -> rules.apply(payout, outcome, circumstances);
            case ApplyReversalOutcome outcome -> new ReversalRules(patience).apply(payout, outcome, circumstances);
            case ApplyReversal reversal -> ReversalRules.told(payout, reversal.transferId(), reversal.reversedCents());
            default -> throw new IllegalStateException("nothing that comes of a call: " + command);
        };
    }

    private Payout flawed(Payout next, Outcome outcome) {
        Key key = next.key();
        return switch (flaw) {
            case FRESH_KEY_PER_CALL -> next instanceof Payout.Due ? withKey(next, key.next()) : next;
            case NEW_KEY_AFTER_REFUSAL -> outcome == Outcome.NOT_PAYABLE ? withKey(next, key.next()) : next;
            case NONE, NO_SETTLING, ANCIENT_KEYS, CALLS_AFTER_THE_LEASE, PAYS_AGAIN_UNSEEN -> next;
        };
    }

    private void changeTheWorld() {
        switch (random.nextInt(6)) {
            case 3 -> stripe.reversible = !stripe.reversible;
            case 4 -> takeBackAtStripe();
            case 5 -> wish();
            case 0 -> stripe.funded = !stripe.funded;
            case 1 -> stripe.payable = !stripe.payable;
            default -> learnOfAccount(stripe.payable);
        }
    }

    private void learnOfAccount(boolean active) {
        payable = active;
        Payout released = active ? ObligationRules.released(payout, true, null, now) : null;
        if (released != null) {
            payout = released;
            tell("released: " + Samples.inWords(payout));
        }
    }

    /** Somebody takes money back with Stripe's own tools; the events come late, twice, or out of order. */
    private void takeBackAtStripe() {
        List<String> standing = stripe.standing();
        if (standing.isEmpty()) {
            return;
        }
        String transfer = standing.getFirst();
        stripe.takeBack(transfer, 1 + random.nextInt((int) Samples.OWED.amountCents()));
        long cents = stripe.takenBack(transfer);
        tell(cents + " of " + transfer + " are taken back");
        for (int i = random.nextInt(3); i >= 0; i--) {
            underWay.add(new Told(-1, new ApplyReversal(Samples.RECEIVER, Samples.OWED.id(), transfer, cents, now)));
        }
    }

    private void wish() {
        if (ReversalRules.wished(payout, "a mistake", now) instanceof Wish.Granted granted) {
            payout = granted.payout();
            tell("wanted back: " + Samples.inWords(payout));
        }
    }

    private void retry() {
        if (flaw == Flaw.PAYS_AGAIN_UNSEEN && payout instanceof Payout.Paid paid) {
            payout = new Payout.Due(paid.owed(), paid.key().next(), Plan.call(now), null);
        }
        if (ObligationRules.retried(payout, payable, now) instanceof Retry.Done done) {
            payout = done.payout();
            tell("retried: " + Samples.inWords(payout));
        }
    }

    private void tell(String line) {
        story.add(Duration.between(Samples.NOW, now).toMillis() + " " + line);
    }

    private static Patience withoutSettling(Patience patience) {
        return new Patience(
                patience.first(),
                patience.longest(),
                patience.firstForFunds(),
                patience.longestForFunds(),
                Duration.ZERO,
                patience.unknownsUntilLookup());
    }

    private static Step lookingOnly(Step step) {
        return switch (step) {
            case CALL, LOOKUP -> Step.LOOKUP;
            case REVERSE, INSPECT -> Step.INSPECT;
        };
    }

    private ReversalOrder reversal(int number) {
        return new ReversalOrder(
                Key.ofReversal(Samples.OWED.id(), number),
                Samples.OWED.id(),
                Samples.RECEIVER,
                String.valueOf(payout.transfer()),
                Samples.OWED.amountCents());
    }

    private static TransferOrder order(int attempt) {
        return new TransferOrder(
                Key.text(Samples.OWED.id(), attempt),
                Samples.OWED.id(),
                Samples.OWED.jobId(),
                Samples.RECEIVER,
                Samples.OWED.amountCents(),
                "acct_1",
                Samples.OWED.description());
    }

    private static Payout claimed(Payout payout, Key key, Plan plan) {
        return switch (payout) {
            case Payout.Due due -> new Payout.Due(due.owed(), key, plan, due.detail());
            case Payout.Held held -> new Payout.Held(held.owed(), key, held.waitsFor(), held.detail(), plan);
            case Payout.Recalled recalled ->
                new Payout.Recalled(recalled.owed(), key, recalled.made(), recalled.refused(), recalled.detail(), plan);
            case Payout.Paid _, Payout.Failed _, Payout.Reversed _ -> payout;
        };
    }

    private static Payout withKey(Payout payout, Key key) {
        return switch (payout) {
            case Payout.Due due -> new Payout.Due(due.owed(), key, due.plan(), due.detail());
            case Payout.Held held -> new Payout.Held(held.owed(), key, held.waitsFor(), held.detail(), held.plan());
            case Payout.Paid _, Payout.Recalled _, Payout.Failed _, Payout.Reversed _ -> payout;
        };
    }
}
