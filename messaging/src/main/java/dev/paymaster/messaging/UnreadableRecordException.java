package dev.paymaster.messaging;

import java.util.regex.Pattern;

/**
 * A record that no retry can make readable. It goes to the dead letters, and the rest of its batch goes on. What a message quotes of
 * the record is of somebody else's choosing, so it is made one line that isn't endless.
 */
public final class UnreadableRecordException extends RuntimeException {
    /** As much of it as a dead letter keeps. */
    private static final int MAX_LENGTH = 4_000;

    private static final Pattern BREAKS = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]+");

    public UnreadableRecordException(String message) {
        super(oneLine(message));
    }

    public UnreadableRecordException(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    private static String oneLine(String message) {
        String cut = message.substring(0, Math.min(message.length(), MAX_LENGTH));
        return BREAKS.matcher(cut).replaceAll(" ");
    }
}
