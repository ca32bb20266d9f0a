package dev.paymaster.system.house.planted;

import com.stripe.model.Transfer;

/** Lets a type of Stripe's out of the adapter. */
final class KnowsStripe {
    private KnowsStripe() {}

    static Long cents(Transfer transfer) {
        return transfer.getAmount();
    }
}
