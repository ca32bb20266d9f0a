package dev.paymaster.stripesandbox.billing;

/** What Stripe shows instead of a card's or bank account's number: the same for the same number, whoever uses it. */
public final class Fingerprint {
    private Fingerprint() {}

    /** Of one of Stripe's test cards, which differ in their last four digits. */
    public static String ofCard(String last4) {
        return "sandboxcard" + last4;
    }

    public static String ofBankAccount(String number) {
        return "sandboxbank" + number;
    }
}
