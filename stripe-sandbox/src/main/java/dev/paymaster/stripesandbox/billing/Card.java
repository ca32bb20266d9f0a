package dev.paymaster.stripesandbox.billing;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A test card, by its number: what it does is known from
 * <a href="https://docs.stripe.com/testing">Stripe's list of test cards</a>. What a card does after it was taken (to later
 * charges, to refunds, by a dispute) is known from its last four digits, which are all that Stripe shows of it.
 */
public sealed interface Card {
    /** The card that always pays. */
    String PAYS = "4242424242424242";

    String last4();

    /** Pays, at least the first time. */
    record Accepted(String last4) implements Card {}

    /**
     * Is declined.
     *
     * @param code Stripe's decline code
     * @param message what the buyer reads
     */
    record Declined(String last4, String code, String message) implements Card {}

    /** Not a test card: only Stripe's published numbers work here, so that nobody types a real one. */
    record Unknown(String last4) implements Card {}

    /** Spaces and dashes don't matter. */
    static Card of(String number) {
        String digits = number.replaceAll("[ -]", "");
        String last4 = digits.length() < 4 ? digits : digits.substring(digits.length() - 4);
        return switch (digits) {
            case PAYS,
                    "4000000000000341",
                    "4000000000000259",
                    "4000000000002685",
                    "4000000000001976",
                    "4000000000007726",
                    "4000000000005126" -> new Accepted(last4);
            case "4000000000000002" -> generic(last4);
            case "4000000000009995" -> new Declined(last4, "insufficient_funds", "Your card has insufficient funds.");
            default -> new Unknown(last4);
        };
    }

    /** What comes of charging a card that is attached to a customer: 0341 can be attached, but not charged. */
    static Card attached(String last4) {
        return last4.equals("0341") ? generic(last4) : new Accepted(last4);
    }

    /** Refunds to these two cards are pending until they are settled. */
    static boolean refundsSlowly(String last4) {
        return List.of("7726", "5126").contains(last4);
    }

    /** The number behind one of Stripe's test payment methods; null if there is no such. */
    static @Nullable String byTestMethod(String id) {
        return Map.of(
                        "pm_card_visa", PAYS,
                        "pm_card_chargeCustomerFail", "4000000000000341",
                        "pm_card_createDispute", "4000000000000259",
                        "pm_card_createDisputeProductNotReceived", "4000000000002685",
                        "pm_card_createDisputeInquiry", "4000000000001976",
                        "pm_card_pendingRefund", "4000000000007726",
                        "pm_card_refundFail", "4000000000005126")
                .get(id);
    }

    private static Declined generic(String last4) {
        return new Declined(last4, "generic_decline", "Your card was declined.");
    }
}
