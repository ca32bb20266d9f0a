package dev.paymaster.messaging;

/** A record that no retry can make readable. It goes to the dead letters, and the rest of its batch goes on. */
public final class UnreadableRecordException extends RuntimeException {
    public UnreadableRecordException(String message) {
        super(message);
    }

    public UnreadableRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
