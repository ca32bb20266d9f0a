package dev.paymaster.payout.recovery;

import dev.paymaster.events.payout.PayoutCommand.ApplyTransferOutcome;
import dev.paymaster.events.payout.PayoutCommand.Outcome;
import dev.paymaster.payout.obligation.Key;
import dev.paymaster.payout.obligation.ObligationRules;
import dev.paymaster.payout.obligation.Payout;
import dev.paymaster.payout.obligation.Payout.Due;
import dev.paymaster.payout.obligation.Payout.Failed;
import dev.paymaster.payout.obligation.Payout.Held;
import dev.paymaster.payout.obligation.Payout.Reason;
import dev.paymaster.payout.obligation.Plan;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The table of outcomes, row by row. Pure.
 *
 * <p>Two rules keep money safe. A lost answer is met with the same key, which Stripe executes once. And a new key comes
 * only after {@link Outcome#ABSENT}: a lookup, made when no call can be under way any more, has shown that there is no
 * transfer; that holds after definite refusals too, because a refusal may have come before Stripe looked at the key and
 * then says nothing about an earlier call.
 */
public final class OutcomeRules {
    /** An hour or so; by then Stripe has been asked for the account more than once, and has said that it can be paid. */
    private static final int KEYS_FOR_AN_ACTIVE_ACCOUNT = 10;

    private final Patience patience;

    public OutcomeRules(Patience patience) {
        this.patience = patience;
    }

    /**
     * What is known when an outcome arrives.
     *
     * @param awaited whether it is the outcome of the payout's current claim; others count only when they say paid
     * @param payable whether the receiver's account is active as far as is known
     * @param jitter from 0 to 1, random
     */
    public record Circumstances(boolean awaited, boolean payable, double jitter, Instant now) {}

    public Verdict apply(Payout payout, ApplyTransferOutcome outcome, Circumstances circumstances) {
        Plan plan = payout.next();
        boolean awaited = circumstances.awaited()
                && outcome.attempt() == payout.key().attempt()
                && (payout instanceof Due || payout instanceof Held);
        String transferId = outcome.transferId();
        if (transferId != null && !payout.key().past().tookBack(transferId)) {
            return paid(payout, transferId, outcome.reversedCents());
        }
        if (!awaited || plan == null) {
            return new Verdict.Ignored();
        }
        if (transferId != null) {
            return new Verdict.Applied(takenBack(payout, transferId, outcome.reversedCents(), circumstances));
        }
        String detail = outcome.detail();
        return new Verdict.Applied(
                switch (outcome.outcome()) {
                    case UNKNOWN -> unknown(payout, plan, detail, circumstances);
                    case NOT_YET -> putOff(payout, plan.step(), detail, circumstances);
                    case ABSENT -> absent(payout, circumstances);
                    case INSUFFICIENT_FUNDS -> withoutFunds(payout, detail, circumstances);
                    case NOT_PAYABLE -> notPayable(payout, detail, circumstances);
                    case REFUSED -> refused(payout, detail, circumstances);
                    case PAID -> throw new IllegalArgumentException("a paid outcome names its transfer");
                });
    }

    private static Verdict paid(Payout payout, String transferId, @Nullable Long reversedCents) {
        String known = payout.transfer();
        return known == null || known.equals(transferId)
                ? ReversalRules.told(payout, transferId, reversedCents == null ? 0 : reversedCents)
                : new Verdict.PaidTwice(known, transferId);
    }

    /** A lookup has found nothing but what was taken back before; if Stripe agrees, that is as good as nothing. */
    private Payout takenBack(Payout payout, String transferId, @Nullable Long reversedCents, Circumstances at) {
        return reversedCents != null && reversedCents >= payout.owed().amountCents()
                ? absent(payout, at)
                : putOff(payout, Plan.Step.LOOKUP, transferId + " is not wholly taken back", at);
    }

    /** The same key again; after a few times, a lookup as soon as it can tell the truth. */
    private Payout unknown(Payout payout, Plan plan, String detail, Circumstances at) {
        if (plan.step() == Plan.Step.LOOKUP) {
            return putOff(payout, Plan.Step.LOOKUP, detail, at);
        }
        Key key = payout.key().unknown(at.now().plus(patience.settling()));
        Instant next = at.now().plus(patience.wait(key.unknowns() + key.waits(), at.jitter()));
        return key.unknowns() < patience.unknownsUntilLookup()
                ? planned(payout, key, Plan.call(next), detail)
                : planned(payout, key, Plan.lookup(key.settled(next)), detail);
    }

    private Payout putOff(Payout payout, Plan.Step step, String detail, Circumstances at) {
        Key key = payout.key().putOff();
        Instant next = at.now().plus(patience.wait(key.waits(), at.jitter()));
        return planned(payout, key, new Plan(step, next), detail);
    }

    /** There is no transfer, so the next key may be used; unless a lost call may still be under way. */
    private static Payout absent(Payout payout, Circumstances at) {
        Key key = payout.key();
        if (key.settled(at.now()).isAfter(at.now())) {
            return planned(payout, key, Plan.lookup(key.settled(at.now())), "looked up too early to tell");
        }
        return at.payable()
                ? new Due(payout.owed(), key.next(), Plan.call(turn(payout, at.now())), null)
                : new Held(
                        payout.owed(),
                        key.next(),
                        Reason.ACCOUNT_NOT_ACTIVE,
                        "the receiver's account is not active",
                        null);
    }

    /**
     * What has waited for funds keeps its place in the line, which is served in the order of creation; and so does what was planned
     * for earlier, which may have stood behind it. That is a little later than planned: a call at the very time of creation has
     * waited for funds.
     */
    private static Instant turn(Payout payout, Instant now) {
        return switch (payout) {
            case Held held
            when held.waitsFor() == Reason.INSUFFICIENT_FUNDS -> held.owed().createdAt();
            case Due due
            when ObligationRules.hasWaitedForFunds(due) -> due.plan().at();
            case Due due when due.plan().at().isBefore(now) -> due.plan().at().plus(1, ChronoUnit.MICROS);
            default -> now;
        };
    }

    private Payout withoutFunds(Payout payout, String detail, Circumstances at) {
        Key key = payout.key().putOff();
        Instant next = at.now().plus(patience.waitForFunds(key.waits(), at.jitter()));
        return new Held(payout.owed(), key, Reason.INSUFFICIENT_FUNDS, detail, Plan.lookup(key.settled(next)));
    }

    /**
     * If the account is active as far as is known, the two have crossed each other, or Stripe will say more soon. If it
     * never does, people must see to it. Of a key whose call was ever lost, only a look tells what came of that.
     */
    private Payout notPayable(Payout payout, String detail, Circumstances at) {
        boolean waited = ObligationRules.hasWaitedForFunds(payout);
        Key key = (waited ? payout.key().fresh() : payout.key()).putOff();
        if (at.payable() && Math.min(key.attempt(), key.waits()) >= KEYS_FOR_AN_ACTIVE_ACCOUNT) {
            return refused(payout, "the account is active, and cannot take it: " + detail, at);
        }
        Instant next = at.now().plus(patience.waitForFunds(key.waits(), at.jitter()));
        return new Held(
                payout.owed(),
                key,
                Reason.ACCOUNT_NOT_ACTIVE,
                detail,
                at.payable() || key.doubtUntil() != null ? Plan.lookup(key.settled(next)) : null);
    }

    /** For good, unless a call with the same key was ever lost: only a look tells what came of that. */
    private static Payout refused(Payout payout, String detail, Circumstances at) {
        Key key = payout.key();
        return key.doubtUntil() == null
                ? new Failed(payout.owed(), key, detail)
                : planned(payout, key, Plan.lookup(key.settled(at.now())), detail);
    }

    /** The same state with another plan. */
    private static Payout planned(Payout payout, Key key, Plan plan, @Nullable String detail) {
        return payout instanceof Held held
                ? new Held(held.owed(), key, held.waitsFor(), held.detail(), plan)
                : new Due(payout.owed(), key, plan, detail);
    }
}
