package dev.paymaster.payout.recovery;

import dev.paymaster.events.payout.PayoutCommand.ApplyReversalOutcome;
import dev.paymaster.payout.obligation.Key;
import dev.paymaster.payout.obligation.Made;
import dev.paymaster.payout.obligation.Payout;
import dev.paymaster.payout.obligation.Payout.Due;
import dev.paymaster.payout.obligation.Payout.Failed;
import dev.paymaster.payout.obligation.Payout.Held;
import dev.paymaster.payout.obligation.Payout.Paid;
import dev.paymaster.payout.obligation.Payout.Recalled;
import dev.paymaster.payout.obligation.Payout.Reversed;
import dev.paymaster.payout.obligation.Plan;
import dev.paymaster.payout.recovery.OutcomeRules.Circumstances;
import java.time.Instant;

/**
 * How transfers are taken back. Pure.
 *
 * <p>What Stripe says has been taken back only grows, so it is believed in any order and from whoever tells of it. A call
 * asks for all that is left, so no repetition takes back more than was paid; still, one key is one call, and the next key
 * comes only after a look at the transfer, at a time when no lost call can be under way any more.
 */
public final class ReversalRules {
    private final Patience patience;

    public ReversalRules(Patience patience) {
        this.patience = patience;
    }

    /** What comes of an administrator's wish to have a payout back. */
    public sealed interface Wish {
        /** Stripe will be asked. */
        record Granted(Payout payout) implements Wish {}

        /** There is nothing to take back, or it is being done. */
        record Refused(String detail) implements Wish {}
    }

    public static Wish wished(Payout payout, String reason, Instant now) {
        return switch (payout) {
            case Paid paid ->
                new Wish.Granted(new Recalled(
                        paid.owed(), paid.key().recalling(0), paid.made(), false, reason, Plan.reverse(now)));
            case Recalled recalled ->
                new Wish.Refused("transfer " + recalled.made().transferId() + " is being taken back");
            case Reversed reversed -> new Wish.Refused("transfer " + reversed.transferId() + " was taken back");
            case Due _, Held _, Failed _ -> new Wish.Refused("it has not been paid");
        };
    }

    /** Somebody knows how much of a transfer has been taken back. */
    public static Verdict told(Payout payout, String transferId, long reversedCents) {
        Made made = payout.made();
        if (payout.key().past().tookBack(transferId)) {
            return new Verdict.Ignored();
        }
        if (made == null) {
            return new Verdict.Applied(standing(payout, Made.of(transferId).after(reversedCents)));
        }
        boolean news = made.transferId().equals(transferId) && reversedCents > made.reversedCents();
        return news && !(payout instanceof Reversed)
                ? new Verdict.Applied(standing(payout, made.after(reversedCents)))
                : new Verdict.Ignored();
    }

    /** The payout with its transfer as it stands. */
    private static Payout standing(Payout payout, Made made) {
        if (made.reversedCents() >= payout.owed().amountCents()) {
            return new Reversed(payout.owed(), payout.key(), made.transferId(), "transfer wholly taken back");
        }
        return switch (payout) {
            case Recalled recalled ->
                new Recalled(
                        recalled.owed(), recalled.key(), made, recalled.refused(), recalled.detail(), recalled.plan());
            case Paid paid -> new Paid(paid.owed(), paid.key(), made, paid.refusal());
            case Due _, Held _, Failed _, Reversed _ -> new Paid(payout.owed(), payout.key(), made);
        };
    }

    /** What came of a call, or of a look at the transfer. */
    public Verdict apply(Payout payout, ApplyReversalOutcome outcome, Circumstances at) {
        Long reversedCents = outcome.reversedCents();
        Verdict told =
                reversedCents == null ? new Verdict.Ignored() : told(payout, outcome.transferId(), reversedCents);
        Payout known = told instanceof Verdict.Applied applied ? applied.payout() : payout;
        if (!at.awaited()
                || !(known instanceof Recalled recalled)
                || outcome.number() != recalled.key().past().recalls()) {
            return told;
        }
        return new Verdict.Applied(
                switch (outcome.outcome()) {
                    case PAID -> stands(recalled, at);
                    case UNKNOWN -> unknown(recalled, at);
                    case NOT_YET, ABSENT -> putOff(recalled, at);
                    case INSUFFICIENT_FUNDS, NOT_PAYABLE, REFUSED -> refused(recalled, outcome.detail(), at);
                });
    }

    /** Some of it, at least, is still there: the next key, or the end when Stripe has refused. */
    private static Payout stands(Recalled recalled, Circumstances at) {
        Key key = recalled.key();
        if (key.settled(at.now()).isAfter(at.now())) {
            return with(recalled, key, recalled.refused(), recalled.detail(), Plan.inspect(key.settled(at.now())));
        }
        return recalled.refused()
                ? new Paid(recalled.owed(), key, recalled.made(), recalled.detail())
                : with(
                        recalled,
                        key.recalling(key.waits() + key.unknowns()),
                        false,
                        recalled.detail(),
                        Plan.reverse(at.now()));
    }

    private Payout unknown(Recalled recalled, Circumstances at) {
        if (recalled.plan().step() == Plan.Step.INSPECT) {
            return putOff(recalled, at);
        }
        Key key = recalled.key().unknown(at.now().plus(patience.settling()));
        Instant next = at.now().plus(patience.wait(key.unknowns() + key.waits(), at.jitter()));
        Plan plan =
                key.unknowns() < patience.unknownsUntilLookup() ? Plan.reverse(next) : Plan.inspect(key.settled(next));
        return with(recalled, key, false, recalled.detail(), plan);
    }

    private Payout putOff(Recalled recalled, Circumstances at) {
        Key key = recalled.key().putOff();
        Plan plan = new Plan(recalled.plan().step(), at.now().plus(patience.wait(key.waits(), at.jitter())));
        return with(recalled, key, recalled.refused(), recalled.detail(), plan);
    }

    /** It may have been refused because there is nothing left; or an earlier call whose answer was lost got through. */
    private static Payout refused(Recalled recalled, String detail, Circumstances at) {
        return with(
                recalled,
                recalled.key(),
                true,
                detail,
                Plan.inspect(recalled.key().settled(at.now())));
    }

    private static Recalled with(Recalled recalled, Key key, boolean refused, String detail, Plan plan) {
        return new Recalled(recalled.owed(), key, recalled.made(), refused, detail, plan);
    }
}
