package dev.paymaster.credit.stripe;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The user that an object of Stripe's names. */
public final class UserId {
    private static final int LENGTH = 36;

    private UserId() {}

    /** The id, or null when the text isn't one of ours: somebody else may use the same Stripe account. */
    public static @Nullable UUID of(@Nullable String text) {
        if (text == null || text.length() != LENGTH) {
            return null;
        }
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
