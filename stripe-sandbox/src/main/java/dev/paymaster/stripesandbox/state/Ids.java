package dev.paymaster.stripesandbox.state;

import java.util.random.RandomGenerator;

/** Makes ids and secrets that look like Stripe's. Thread-safe. */
public final class Ids {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    /** 24 characters of 62 are 142 bits: no collision in any run, and short enough to read in a log. */
    private static final int LENGTH = 24;

    private final RandomGenerator random;

    public Ids(RandomGenerator random) {
        this.random = random;
    }

    public String next(Kind kind) {
        return next(kind.prefix());
    }

    public synchronized String next(String prefix) {
        StringBuilder id = new StringBuilder(prefix);
        for (int i = 0; i < LENGTH; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }
}
