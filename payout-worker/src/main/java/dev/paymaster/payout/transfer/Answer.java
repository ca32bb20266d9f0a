package dev.paymaster.payout.transfer;

import dev.paymaster.events.payout.PayoutCommand.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a call.
 *
 * @param transferId with {@link Outcome#PAID}, and only with it
 * @param reversedCents how much of that transfer has been taken back
 * @param others further transfers for the same payout, which haven't been wholly taken back either
 * @param detail what was said, for people, in one line
 */
public record Answer(
        Outcome outcome, @Nullable String transferId, long reversedCents, List<String> others, String detail)
        implements Reply {
    /** More of an error page than this helps nobody. */
    private static final int MAX_DETAIL = 500;

    public Answer {
        if ((outcome == Outcome.PAID) != (transferId != null)) {
            throw new IllegalArgumentException("a transfer goes with a paid outcome, and only with it");
        }
        others = List.copyOf(others);
        detail = oneLine(detail);
    }

    public static Answer paid(String transferId, String detail) {
        return paid(transferId, 0, detail);
    }

    /** A transfer of which so much has been taken back. */
    public static Answer paid(String transferId, long reversedCents, String detail) {
        return paid(transferId, reversedCents, List.of(), detail);
    }

    /** The same with others besides. */
    public static Answer paid(String transferId, long reversedCents, List<String> others, String detail) {
        return new Answer(Outcome.PAID, transferId, reversedCents, others, detail);
    }

    /** An answer that is anything but paid. */
    public static Answer of(Outcome outcome, String detail) {
        return new Answer(outcome, null, 0, List.of(), detail);
    }

    @Override
    public boolean isLost() {
        return outcome == Outcome.UNKNOWN;
    }

    /** Stripe may refuse a call before it looks at its key. */
    @Override
    public boolean tellsOfEarlier() {
        return outcome == Outcome.PAID || outcome == Outcome.ABSENT;
    }

    @Override
    public boolean isTrouble() {
        return outcome == Outcome.UNKNOWN || outcome == Outcome.REFUSED;
    }

    /** No line breaks and no control characters: PostgreSQL refuses NUL, and logs are read by the line. */
    private static String oneLine(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Cs}\\s]+", " ").strip();
        if (line.length() <= MAX_DETAIL) {
            return line;
        }
        int end = Character.isHighSurrogate(line.charAt(MAX_DETAIL - 1)) ? MAX_DETAIL - 1 : MAX_DETAIL;
        return line.substring(0, end) + "…";
    }
}
