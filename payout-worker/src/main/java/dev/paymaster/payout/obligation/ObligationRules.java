package dev.paymaster.payout.obligation;

import dev.paymaster.payout.obligation.Payout.Due;
import dev.paymaster.payout.obligation.Payout.Failed;
import dev.paymaster.payout.obligation.Payout.Held;
import dev.paymaster.payout.obligation.Payout.Paid;
import dev.paymaster.payout.obligation.Payout.Reason;
import dev.paymaster.payout.obligation.Payout.Recalled;
import dev.paymaster.payout.obligation.Payout.Reversed;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How payouts come into being and are set going again. Pure. */
public final class ObligationRules {
    private static final String NOT_ACTIVE = "waits until the receiver's Stripe account can be paid";

    private static final String NEW = "the receiver is new: the first payouts are held for a while";

    private ObligationRules() {}

    /**
     * A new payout.
     *
     * @param payable whether the receiver's account is active
     * @param releaseAt until when the receiver counts as new; absent: it doesn't
     */
    public static Payout scheduled(Owed owed, boolean payable, @Nullable Instant releaseAt, Instant now) {
        if (!payable) {
            return new Held(owed, Key.first(), Reason.ACCOUNT_NOT_ACTIVE, NOT_ACTIVE, null);
        }
        return releaseAt != null && releaseAt.isAfter(now)
                ? newcomers(owed, Key.first(), releaseAt)
                : new Due(owed, Key.first(), firstStep(owed, now), null);
    }

    /** By then the job is old, so it begins with a lookup like every old one. */
    private static Held newcomers(Owed owed, Key key, Instant releaseAt) {
        return new Held(owed, key, Reason.NEW_RECEIVER, NEW, Plan.lookup(releaseAt));
    }

    /**
     * The payout after its receiver's account was found active; null when that changes nothing.
     *
     * @param news whether it was not active before; otherwise patience doesn't begin anew with what Stripe has refused all the same
     */
    public static @Nullable Payout released(Payout payout, boolean news, @Nullable Instant releaseAt, Instant now) {
        return switch (payout) {
            case Held held
            when held.waitsFor() == Reason.ACCOUNT_NOT_ACTIVE
                    && !held.key().isUsed()
                    && releaseAt != null
                    && releaseAt.isAfter(now) -> newcomers(held.owed(), held.key(), releaseAt);
            case Held held
            when held.waitsFor() == Reason.ACCOUNT_NOT_ACTIVE ->
                goingOn(held.owed(), news ? held.key().fresh() : held.key(), now);
            case Held _, Due _, Paid _, Recalled _, Failed _, Reversed _ -> null;
        };
    }

    /** A new payout for which the cash of its sender's lots doesn't suffice, or that stands behind one of that kind. */
    public static Payout beyond(Owed owed, Budget budget) {
        String detail = "waits until the sender's lots have brought in more: %d cents so far, of which payouts take %d"
                .formatted(budget.cashCents(), budget.committedCents());
        return new Held(owed, Key.first(), Reason.REVENUE_CAP, detail, null);
    }

    public static boolean waitsForRevenue(Payout payout) {
        return payout instanceof Held held && held.waitsFor() == Reason.REVENUE_CAP;
    }

    /** The payout after its sender's cash has come to suffice, as if it were new; null when it doesn't wait for that. */
    public static @Nullable Payout afforded(Payout payout, boolean payable, @Nullable Instant releaseAt, Instant now) {
        return waitsForRevenue(payout) ? scheduled(payout.owed(), payable, releaseAt, now) : null;
    }

    public static boolean waitsForFunds(Payout payout) {
        return payout instanceof Held held && held.waitsFor() == Reason.INSUFFICIENT_FUNDS;
    }

    /** Whether its turn has come after it had to wait: such a call is planned for the time of its creation. */
    public static boolean hasWaitedForFunds(Payout payout) {
        return payout instanceof Due due
                && due.plan().at().equals(due.owed().createdAt())
                && due.key().attempt() > 1;
    }

    /** The payout after money has come to the platform's balance; null when it doesn't wait for that. */
    public static @Nullable Payout funded(Payout payout) {
        return payout instanceof Held held && waitsForFunds(held) ? lookingAgain(held) : null;
    }

    /** It keeps its place in the line. */
    private static Held lookingAgain(Held held) {
        return new Held(
                held.owed(),
                held.key().fresh(),
                held.waitsFor(),
                held.detail(),
                Plan.lookup(held.key().settled(held.owed().createdAt())));
    }

    /** What comes of an administrator's wish to try a payout now. */
    public sealed interface Retry {
        /** It is tried, or still waits for its account. */
        record Done(Payout payout) implements Retry {}

        /** There is nothing to try. */
        record Refused(String detail) implements Retry {}
    }

    /**
     * Tries a payout that waits or has failed, and pays one that was taken back once more. The latter begins with a lookup:
     * the next key is used only if Stripe, too, says that the old transfer was wholly taken back. What waits for its
     * sender's cash goes on without; what waits for the platform's balance is tried in its place in the line.
     */
    public static Retry retried(Payout payout, boolean payable, Instant now) {
        return switch (payout) {
            case Held held when held.waitsFor() == Reason.BATCHED -> new Retry.Refused("it " + held.detail());
            case Held held when payable && waitsForFunds(held) -> new Retry.Done(lookingAgain(held));
            case Held held
            when payable -> new Retry.Done(goingOn(held.owed(), held.key().fresh(), now));
            case Failed failed
            when payable -> new Retry.Done(goingOn(failed.owed(), failed.key().fresh(), now));
            case Held held when waitsForRevenue(held) -> new Retry.Done(withoutAccount(held));
            case Held held -> new Retry.Done(held);
            case Failed failed -> new Retry.Done(withoutAccount(failed));
            case Reversed reversed -> new Retry.Done(onceMore(reversed, payable, now));
            case Due due ->
                new Retry.Refused("it is due already; Stripe is called next at "
                        + due.plan().at());
            case Paid paid ->
                new Retry.Refused("it was paid by transfer " + paid.made().transferId());
            case Recalled recalled ->
                new Retry.Refused("transfer " + recalled.made().transferId() + " is being taken back");
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

    private static Payout onceMore(Reversed reversed, boolean payable, Instant now) {
        Key key = reversed.key().without(reversed.transferId());
        return payable
                ? new Due(reversed.owed(), key, Plan.lookup(key.settled(now)), null)
                : new Held(reversed.owed(), key, Reason.ACCOUNT_NOT_ACTIVE, NOT_ACTIVE, null);
    }

    private static Held withoutAccount(Payout payout) {
        return new Held(payout.owed(), payout.key(), Reason.ACCOUNT_NOT_ACTIVE, NOT_ACTIVE, null);
    }

    /** A key that was used needs a lookup before the next one; a key that was not is used now. */
    private static Due goingOn(Owed owed, Key key, Instant now) {
        boolean look = key.isUsed() || !key.past().takenBack().isEmpty();
        Plan plan = look ? Plan.lookup(key.settled(now)) : firstStep(owed, now);
        return new Due(owed, key, plan, null);
    }
}
