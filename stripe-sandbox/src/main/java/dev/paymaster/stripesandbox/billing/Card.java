package dev.paymaster.stripesandbox.billing;

/** A test card, by its number: what it does is known from Stripe's list of test cards. */
public sealed interface Card {
    String last4();

    /** Pays. */
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
            case "4242424242424242" -> new Accepted(last4);
            case "4000000000000002" -> new Declined(last4, "generic_decline", "Your card was declined.");
            case "4000000000009995" -> new Declined(last4, "insufficient_funds", "Your card has insufficient funds.");
            default -> new Unknown(last4);
        };
    }
}
