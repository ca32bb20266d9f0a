package dev.paymaster.standalone;

/** Failures in one line, for a terminal; the log has the rest. */
final class Failures {
    private Failures() {}

    /** The message of the innermost cause, which names the culprit: frameworks wrap it in what they were doing. */
    static String oneLine(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String message = innermost.getMessage();
        String text = message == null || message.isBlank() ? innermost.toString() : message;
        return text.strip().lines().findFirst().orElse(text);
    }
}
