package dev.paymaster.gateway.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/** Values that stand in JSON as strings of one form, where Jackson itself takes numbers and other spellings, too. */
final class StrictText<T> extends StdDeserializer<T> {
    private final transient Function<String, T> parser;

    private StrictText(Class<T> type, Function<String, T> parser) {
        super(type);
        this.parser = parser;
    }

    /** RFC 3339 times, with any offset. */
    static StrictText<Instant> instants() {
        return new StrictText<>(
                Instant.class, text -> OffsetDateTime.parse(text).toInstant());
    }

    /** UUIDs as 36 characters. */
    static StrictText<UUID> uuids() {
        return new StrictText<>(UUID.class, StrictText::uuid);
    }

    /** @throws IllegalArgumentException also for the shorter spellings that Java takes */
    static UUID uuid(String text) {
        UUID id = UUID.fromString(text);
        if (!id.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException("not a UUID");
        }
        return id;
    }

    @Override
    @SuppressWarnings("unchecked") // the handler gives a value of the type it is asked for
    public T deserialize(JsonParser json, DeserializationContext context) {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            return (T) context.handleUnexpectedToken(context.constructType(handledType()), json);
        }
        String text = json.getString();
        try {
            return parser.apply(text);
        } catch (DateTimeException | IllegalArgumentException e) {
            return (T) context.handleWeirdStringValue(handledType(), text, "of another form");
        }
    }
}
