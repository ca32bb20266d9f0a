package dev.paymaster.payout.recovery;

import dev.paymaster.payout.obligation.Key;
import dev.paymaster.payout.obligation.Payout;
import dev.paymaster.payout.obligation.Plan;

/** What happens next to a payout, and when, in words. */
public final class NextStep {
    private NextStep() {}

    public static String of(Payout payout) {
        return switch (payout) {
            case Payout.Due due -> of(due, due.plan());
            case Payout.Held held when held.plan() != null -> of(held, held.plan());
            case Payout.Held held when held.waitsFor() == Payout.Reason.BATCHED -> "wait for the batch";
            case Payout.Held held
            when held.waitsFor() == Payout.Reason.REVENUE_CAP ->
                "wait until the sender's purchases have brought in more";
            case Payout.Held _ -> "wait until Stripe reports that the receiver's account can be paid";
            case Payout.Recalled recalled -> of(recalled, recalled.plan());
            case Payout.Paid paid when paid.refusal() != null -> "wait for an administrator to ask for it again";
            case Payout.Paid _ -> "nothing";
            case Payout.Reversed _ -> "nothing, unless an administrator has it paid once more";
            case Payout.Failed _ -> "wait for an administrator to retry it";
        };
    }

    private static String of(Payout payout, Plan plan) {
        return switch (plan.step()) {
            case CALL ->
                "call Stripe with key "
                        + Key.text(payout.owed().id(), payout.key().attempt()) + " at " + plan.at();
            case LOOKUP -> "look for the transfer in Stripe's list at " + plan.at();
            case REVERSE ->
                "take the transfer back with key "
                        + Key.ofReversal(payout.owed().id(), payout.key().past().recalls()) + " at " + plan.at();
            case INSPECT -> "look at how much of the transfer was taken back at " + plan.at();
        };
    }
}
