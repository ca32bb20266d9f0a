package dev.paymaster.messaging;

import dev.paymaster.messaging.deadletter.DeadLetters;
import java.util.regex.Pattern;

/**
 * A record that no retry can make readable. It goes to the dead letters, and the rest of its batch goes on. What a message quotes of
 * the record is of somebody else's choosing, so it is made one line that isn't endless.
 */
public final class UnreadableRecordException extends RuntimeException {
    private static final Pattern BREAKS = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]+");

    public UnreadableRecordException(String message) {
        super(oneLine(message));
    }

    public UnreadableRecordException(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    private static String oneLine(String message) {
        String cut = message.substring(0, Math.min(message.length(), DeadLetters.MAX_TEXT_LENGTH));
        return BREAKS.matcher(cut).replaceAll(" ");
    }
}
