package dev.paymaster.gateway.http;

import dev.paymaster.events.Text;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns what a caller gave into values, and what is wrong with it into 400s that say so. */
public final class Inputs {
    /** How the contract's records end what they say of a field that isn't there. */
    private static final String MISSING = " is missing";

    private Inputs() {}

    /**
     * Makes a value whose constructor checks its fields: {@link IllegalArgumentException} for one that is wrong, and {@link
     * NullPointerException} ending in {@value #MISSING} for one that isn't there. Any other is a bug, and no client's fault.
     *
     * @throws Problem 400 with the constructor's words
     */
    public static <T> T checked(Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw refused(e);
        } catch (NullPointerException e) {
            throw e.getMessage() != null && e.getMessage().endsWith(MISSING) ? refused(e) : e;
        }
    }

    private static Problem refused(RuntimeException wrong) {
        return Problem.badRequest("invalid_request", String.valueOf(wrong.getMessage()));
    }

    /**
     * A text of a query, or null when there is none.
     *
     * @throws Problem 400 when nothing stored could be like it
     */
    public static @Nullable String text(String field, @Nullable String value) {
        try {
            Text.allow(field, value, Text.MAX_LINE);
            return value;
        } catch (IllegalArgumentException e) {
            throw Problem.invalidField(field, String.valueOf(e.getMessage()));
        }
    }

    /**
     * A field that must be there.
     *
     * @throws Problem 400 naming the field
     */
    public static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw Problem.invalidField(field, field + MISSING);
        }
        return value;
    }

    /**
     * The id in a path. One that is no id at all names nothing, like one that nobody has.
     *
     * @throws Problem 404
     */
    public static UUID id(String what, String text) {
        try {
            return StrictText.uuid(text);
        } catch (IllegalArgumentException e) {
            throw Problem.notFound(what);
        }
    }

    /**
     * A word of a fixed set, or null when there is none.
     *
     * @throws Problem 400 naming the words that it takes
     */
    public static <E extends Enum<E>> @Nullable E oneOf(String field, @Nullable String text, E[] values) {
        if (text == null) {
            return null;
        }
        for (E value : values) {
            if (word(value).equals(text)) {
                return value;
            }
        }
        throw Problem.invalidField(
                field,
                field + " takes " + Arrays.stream(values).map(Inputs::word).collect(Collectors.joining(", ")));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
