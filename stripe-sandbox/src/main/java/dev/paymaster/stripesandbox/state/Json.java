package dev.paymaster.stripesandbox.state;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON as this module reads and writes it: one shared, immutable, thread-safe mapper and a few ways to build nodes. */
public final class Json {
    /** Refuses duplicate keys: a control request or a snapshot that says two things about one field is a mistake. */
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    public static ArrayNode strings(Collection<String> values) {
        ArrayNode array = array();
        values.forEach(array::add);
        return array;
    }

    /** The string at a field, or null where the field is absent, null or not a string. */
    public static @Nullable String text(JsonNode node, String field) {
        return node.path(field).isString() ? node.path(field).stringValue() : null;
    }

    /** The string at a field that this module itself always writes. */
    public static String require(JsonNode node, String field) {
        return node.required(field).stringValue();
    }

    /** The {@code data} of a Stripe list inside an object, such as a subscription's {@code items}. */
    public static ArrayNode data(ObjectNode owner, String list) {
        return (ArrayNode) owner.required(list).required("data");
    }

    /** The bytes that go over the wire. */
    public static byte[] bytes(JsonNode node) {
        return MAPPER.writeValueAsBytes(node);
    }
}
