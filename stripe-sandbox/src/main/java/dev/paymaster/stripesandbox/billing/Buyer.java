package dev.paymaster.stripesandbox.billing;

import org.jspecify.annotations.Nullable;

/**
 * Who pays on a Checkout page, and how.
 *
 * @param email of a buyer whom the session doesn't know yet
 */
public record Buyer(Means means, @Nullable String email) {
    /** What a buyer pays with. */
    public sealed interface Means {
        /** At once, or not at all. */
        record ByCard(Card card) implements Means {}

        /** By a debit of a US bank account, of which the bank's answer comes days later. */
        record ByBank() implements Means {}
    }

    public static Buyer byCard(String number, @Nullable String email) {
        return new Buyer(new Means.ByCard(Card.of(number)), email);
    }

    public static Buyer byBank(@Nullable String email) {
        return new Buyer(new Means.ByBank(), email);
    }
}
