package dev.paymaster.events.schema;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/** The golden samples: one realistic message per type. */
final class Sample {
    static final Path FOLDER = Path.of("src/test/resources/samples");

    private Sample() {}

    static ObjectNode of(MessageType type) {
        return Json.read(FOLDER.resolve(type.fileName()));
    }

    /** The sample without the optional fields that its record, too, can do without. */
    static ObjectNode bare(MessageType type) {
        ObjectNode bare = of(type);
        Set<String> required = SchemaOf.required(type);
        for (String field : List.copyOf(bare.propertyNames())) {
            ObjectNode smaller = bare.deepCopy();
            smaller.remove(field);
            if (!required.contains(field) && isRead(smaller, type)) {
                bare = smaller;
            }
        }
        return bare;
    }

    /** True when the type's record takes this JSON. */
    static boolean isRead(ObjectNode json, MessageType type) {
        try {
            Json.MAPPER.treeToValue(json, type.record());
            return true;
        } catch (JacksonException e) {
            return false;
        }
    }
}
