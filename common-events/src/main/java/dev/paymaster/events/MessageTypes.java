package dev.paymaster.events;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How message types are named: {@code dev.paymaster.<RecordName>.v1}.
 *
 * <p>Fields of a type are only ever added. A breaking change is a new type {@code .v2} beside {@code .v1}.
 */
public final class MessageTypes {
    private static final String PREFIX = "dev.paymaster.";
    private static final String VERSION = ".v1";

    private MessageTypes() {}

    /** The type name of a message record. */
    public static String nameOf(Class<?> message) {
        return PREFIX + message.getSimpleName() + VERSION;
    }

    /** The reference of a type's JSON Schema, relative to where the schemas are published. */
    public static String schemaOf(String type) {
        return "schemas/" + type + ".json";
    }

    /**
     * All types of a sealed family by name.
     *
     * @throws IllegalArgumentException when {@code family} isn't sealed
     */
    public static <T> Map<String, Class<? extends T>> of(Class<T> family) {
        if (!family.isSealed()) {
            throw new IllegalArgumentException(family + " is not sealed");
        }
        return Arrays.stream(family.getPermittedSubclasses())
                .collect(Collectors.toUnmodifiableMap(MessageTypes::nameOf, type -> type.asSubclass(family)));
    }
}
