package dev.paymaster.credit.topup;

import dev.paymaster.credit.stripe.MoneyFields;
import dev.paymaster.credit.stripe.StripeObject;
import dev.paymaster.credit.stripe.UserId;
import dev.paymaster.credit.topup.TopUpReading.NotOurs;
import dev.paymaster.credit.topup.TopUpReading.NotPaidYet;
import dev.paymaster.credit.topup.TopUpReading.Paid;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what a checkout session bought: a function of the session and the packs. */
public final class TopUpReader {
    private static final Set<String> PAID = Set.of("paid", "no_payment_required");

    /** Not more than an administrator may grant. */
    private static final Pattern CREDITS = Pattern.compile("[1-9][0-9]{0,8}");

    private TopUpReader() {}

    /**
     * Reads a session. Ours name their pack.
     *
     * @throws IllegalArgumentException when it names a pack that the settings don't know, or no user: somebody has paid, and
     *     people must look at it
     */
    public static TopUpReading read(StripeObject session, Map<String, Pack> packs) {
        MoneyFields money = session.money();
        String name = money.pack();
        if (!"payment".equals(session.mode()) || name == null) {
            return new NotOurs();
        }
        Pack pack = packs.get(name);
        UUID userId = UserId.of(money.ownerId() != null ? money.ownerId() : session.clientReferenceId());
        String id = session.id();
        if (pack == null || userId == null || id == null) {
            throw new IllegalArgumentException("checkout " + id + " buys pack " + name
                    + (pack == null
                            ? ", which setting topups.packs doesn't know; add it, then replay this event"
                            : ", and names no user"));
        }
        String status = money.paymentStatus();
        if (status == null || !PAID.contains(status)) {
            return new NotPaidYet();
        }
        return new Paid(new PaidTopUp(
                id,
                userId,
                session.customer(),
                asSold(pack, money.packCredits()),
                money.paymentIntent(),
                Math.max(0, money.amountTotalCents())));
    }

    /** What was paid for is what the session says: the setting may have changed between the sale and the payment. */
    private static Pack asSold(Pack pack, @Nullable String credits) {
        if (credits == null) {
            return pack;
        }
        if (!CREDITS.matcher(credits).matches()) {
            throw new IllegalArgumentException("a checkout sells pack " + pack.name() + " with \"" + credits
                    + "\" credits, which is no number of them");
        }
        return new Pack(pack.name(), Long.parseLong(credits), pack.expiresAfter());
    }
}
