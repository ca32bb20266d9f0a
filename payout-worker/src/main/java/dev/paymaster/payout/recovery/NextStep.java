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
            case Payout.Held _ -> "wait until Stripe reports that the receiver's account can be paid";
            case Payout.Paid _, Payout.Reversed _ -> "nothing";
            case Payout.Failed _ -> "wait for an administrator to retry it";
        };
    }

    private static String of(Payout payout, Plan plan) {
        return switch (plan.step()) {
            case CALL ->
                "call Stripe with key "
                        + Key.text(payout.owed().id(), payout.key().attempt()) + " at " + plan.at();
            case LOOKUP -> "look for the transfer in Stripe's list at " + plan.at();
        };
    }
}
