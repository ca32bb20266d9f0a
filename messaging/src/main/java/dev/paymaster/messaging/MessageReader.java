package dev.paymaster.messaging;

import dev.paymaster.events.MessageTypes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;

/**
 * Reads the messages of one sealed family by their type name. Thread-safe.
 *
 * @param <T> the family, for example {@code JobCommand}
 */
public final class MessageReader<T> {
    /** More than any name of a type has; it may be any text of somebody else's. */
    private static final int LONGEST_SHOWN = 200;

    private final Map<String, ObjectReader> readers = new HashMap<>();
    private final Class<T> family;

    public MessageReader(Class<T> family) {
        this.family = family;
        MessageTypes.of(family)
                .forEach((name, type) -> readers.put(name, Codec.json().readerFor(type)));
    }

    /**
     * Reads a message that must be of this family.
     *
     * @throws UnreadableRecordException when its type isn't known here (a newer version, perhaps), or its content breaks
     *     the type's rules
     */
    public T read(String type, byte[] value) {
        T message = readIfKnown(type, value);
        if (message == null) {
            throw new UnreadableRecordException(
                    "type " + shown(type) + " is not known here; upgrade this service, then replay the dead letter");
        }
        return message;
    }

    private static String shown(String type) {
        return type.length() <= LONGEST_SHOWN ? type : type.substring(0, LONGEST_SHOWN) + "…";
    }

    /**
     * Reads a message, or returns null when its type isn't of this family.
     *
     * @throws UnreadableRecordException when its content breaks the type's rules
     */
    public @Nullable T readIfKnown(String type, byte[] value) {
        ObjectReader reader = readers.get(type);
        if (reader == null) {
            return null;
        }
        Object message;
        try {
            message = reader.readValue(value);
        } catch (JacksonException e) {
            throw new UnreadableRecordException("not a valid " + type + ": " + e.getOriginalMessage(), e);
        }
        if (message == null) {
            // Otherwise it would be passed over, like a type that isn't known.
            throw new UnreadableRecordException("not a valid " + type + ": it is null");
        }
        return family.cast(message);
    }
}
