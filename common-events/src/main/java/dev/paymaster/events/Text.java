package dev.paymaster.events;

import org.jspecify.annotations.Nullable;

/** What a text in a message may be: there, not blank, not too long, and something that PostgreSQL can store. */
public final class Text {
    /** Prompts and outputs: as much as the largest HTTP body that the gateway takes. */
    public static final int MAX_BODY = 1 << 20;

    /** Titles, names, reasons. */
    public static final int MAX_LINE = 1000;

    private Text() {}

    /**
     * A text that must be there.
     *
     * @throws IllegalArgumentException naming the field and what is wrong with it
     */
    public static void require(String field, @Nullable String value, int maxLength) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(field + " is missing");
        }
        allow(field, value, maxLength);
    }

    /**
     * A text that may be absent.
     *
     * @throws IllegalArgumentException naming the field and what is wrong with it
     */
    public static void allow(String field, @Nullable String value, int maxLength) {
        if (value == null) {
            return;
        }
        if (value.length() > maxLength) {
            throw new IllegalArgumentException(field + " is longer than " + maxLength + " characters");
        }
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(field + " contains a NUL character");
        }
        if (hasLoneSurrogate(value)) {
            throw new IllegalArgumentException(field + " contains half of a surrogate pair");
        }
    }

    /** Whether PostgreSQL can store it as it is, and tell it from any other text. */
    public static boolean isStorable(String value) {
        return value.indexOf('\0') < 0 && !hasLoneSurrogate(value);
    }

    private static boolean hasLoneSurrogate(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return true;
            }
        }
        return false;
    }
}
