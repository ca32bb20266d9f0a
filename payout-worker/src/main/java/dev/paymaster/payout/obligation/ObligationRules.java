package dev.paymaster.payout.obligation;

import dev.paymaster.payout.obligation.Payout.Due;
import dev.paymaster.payout.obligation.Payout.Failed;
import dev.paymaster.payout.obligation.Payout.Held;
import dev.paymaster.payout.obligation.Payout.Paid;
import dev.paymaster.payout.obligation.Payout.Reason;
import dev.paymaster.payout.obligation.Payout.Reversed;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How payouts come into being and are set going again. Pure. */
public final class ObligationRules {
    private static final String NOT_ACTIVE = "waits until the receiver's Stripe account can be paid";

    private ObligationRules() {}

    /**
     * A new payout.
     *
     * @param payable whether the receiver's account is active
     */
    public static Payout scheduled(Owed owed, boolean payable, Instant now) {
        return payable
                ? new Due(owed, Key.first(), firstStep(owed, now), null)
                : new Held(owed, Key.first(), Reason.ACCOUNT_NOT_ACTIVE, NOT_ACTIVE, null);
    }

    /** The payout after its receiver's account was found active; null when that changes nothing. */
    public static @Nullable Payout released(Payout payout, Instant now) {
        return switch (payout) {
            case Held held when held.waitsFor() == Reason.ACCOUNT_NOT_ACTIVE -> goingOn(held, now);
            case Held _, Due _, Paid _, Failed _, Reversed _ -> null;
        };
    }

    /** What comes of an administrator's wish to try a payout now. */
    public sealed interface Retry {
        /** It is tried, or still waits for its account. */
        record Done(Payout payout) implements Retry {}

        /** There is nothing to try. */
        record Refused(String detail) implements Retry {}
    }

    public static Retry retried(Payout payout, boolean payable, Instant now) {
        return switch (payout) {
            case Held held when payable -> new Retry.Done(goingOn(held, now));
            case Failed failed when payable -> new Retry.Done(goingOn(failed, now));
            case Held held -> new Retry.Done(held);
            case Failed failed ->
                new Retry.Done(new Held(failed.owed(), failed.key(), Reason.ACCOUNT_NOT_ACTIVE, NOT_ACTIVE, null));
            case Due due ->
                new Retry.Refused("it is due already; Stripe is called next at "
                        + due.plan().at());
            case Paid paid -> new Retry.Refused("it was paid by transfer " + paid.transferId());
            case Reversed reversed -> new Retry.Refused("transfer " + reversed.transferId() + " was taken back");
        };
    }

    /**
     * A key that was never used is used at once; but a job of yesterday may have been paid with it, if this database was
     * restored since, and Stripe may have forgotten it.
     */
    private static Plan firstStep(Owed owed, Instant now) {
        Instant made = PayoutIds.timeOf(owed.jobId());
        return made != null && made.isBefore(now.minus(Key.MEMORY)) ? Plan.lookup(now) : Plan.call(now);
    }

    /** A key that was used needs a lookup before the next one; a key that was not is used now. */
    private static Due goingOn(Payout payout, Instant now) {
        Key key = payout.key().fresh();
        return new Due(
                payout.owed(), key, key.isUsed() ? Plan.lookup(key.settled(now)) : firstStep(payout.owed(), now), null);
    }
}
