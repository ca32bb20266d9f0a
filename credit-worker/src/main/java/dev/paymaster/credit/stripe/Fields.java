package dev.paymaster.credit.stripe;

import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads fields from a stream of JSON without ever failing on a shape: what isn't of the expected kind is absent. Each
 * method starts on the first token of a value and ends on its last.
 */
final class Fields {
    /** Called on the first token of a field's value; must leave the parser on the last. */
    @FunctionalInterface
    interface Visitor {
        void field(String name);
    }

    private static final long ABSENT = Long.MIN_VALUE;

    private Fields() {}

    /** Visits the fields of an object; anything else has none. */
    static void of(JsonParser json, Visitor visitor) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            json.nextToken();
            visitor.field(name);
        }
    }

    /** Visits the elements of an array; anything else has none. */
    static void each(JsonParser json, Runnable element) {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            element.run();
        }
    }

    static @Nullable String text(JsonParser json) {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return json.getString();
        }
        json.skipChildren();
        return null;
    }

    /** A whole number, or {@code otherwise}. */
    static long number(JsonParser json, long otherwise) {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return json.getLongValue();
        }
        json.skipChildren();
        return otherwise;
    }

    /** A time that is told in whole seconds since 1970. */
    static @Nullable Instant instant(JsonParser json) {
        long seconds = number(json, ABSENT);
        try {
            return seconds == ABSENT ? null : Instant.ofEpochSecond(seconds);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** True or false, or null when it is neither. */
    static @Nullable Boolean flag(JsonParser json) {
        return switch (json.currentToken()) {
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            default -> {
                json.skipChildren();
                yield null;
            }
        };
    }

    static boolean isTrue(JsonParser json) {
        boolean isTrue = json.currentToken() == JsonToken.VALUE_TRUE;
        json.skipChildren();
        return isTrue;
    }

    /** An id that may have been expanded to the object itself. */
    static @Nullable String id(JsonParser json) {
        return textOrField(json, "id");
    }

    /** A text, or the text in a field of an object in its place. */
    static @Nullable String textOrField(JsonParser json, String wanted) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            return text(json);
        }
        @Nullable String[] found = new @Nullable String[1];
        of(json, name -> {
            if (name.equals(wanted)) {
                found[0] = text(json);
            } else {
                json.skipChildren();
            }
        });
        return found[0];
    }
}
