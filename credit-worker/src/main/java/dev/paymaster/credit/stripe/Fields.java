package dev.paymaster.credit.stripe;

import dev.paymaster.events.Text;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads fields from a stream of JSON: what isn't of the expected kind is absent. A number or a text that is of that kind, and can't
 * be Stripe's, ends it with an {@link IllegalArgumentException}: it would fail later, and with it what comes after. Each method
 * starts on the first token of a value and ends on its last.
 */
final class Fields {
    /** Called on the first token of a field's value; must leave the parser on the last. */
    @FunctionalInterface
    interface Visitor {
        void field(String name);
    }

    /** Stripe's amounts have at most 12 digits; thousands of these can be added up. */
    private static final long LARGEST = 1_000_000_000_000_000L;

    /** In seconds: some thousands of years, all of which a database knows. */
    private static final long LATEST = 100_000_000_000L;

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
            String text = json.getString();
            if (!Text.isStorable(text)) {
                throw new IllegalArgumentException("a text has a character that no database takes");
            }
            return text;
        }
        json.skipChildren();
        return null;
    }

    /** A whole number, or {@code otherwise}. */
    static long number(JsonParser json, long otherwise) {
        long number = anyNumber(json, otherwise);
        if (number != otherwise && (number < -LARGEST || number > LARGEST)) {
            throw new IllegalArgumentException(number + " is no amount of Stripe's");
        }
        return number;
    }

    private static long anyNumber(JsonParser json, long otherwise) {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return json.getLongValue();
        }
        json.skipChildren();
        return otherwise;
    }

    /** A time that is told in whole seconds since 1970; one that no calendar has is absent. */
    static @Nullable Instant instant(JsonParser json) {
        long seconds = anyNumber(json, ABSENT);
        return seconds < -LATEST || seconds > LATEST ? null : Instant.ofEpochSecond(seconds);
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
