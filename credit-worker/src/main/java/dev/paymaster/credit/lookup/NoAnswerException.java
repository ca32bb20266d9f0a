package dev.paymaster.credit.lookup;

import org.jspecify.annotations.Nullable;

/** Stripe said nothing that can be used, or was not asked at all. That says nothing of what was looked up. */
public final class NoAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    /** @param passing whether the same call may be answered a moment later; a refused key isn't */
    public NoAnswerException(String message, boolean passing, @Nullable Throwable cause) {
        super(message, cause);
        this.passing = passing;
    }

    boolean isPassing() {
        return passing;
    }
}
