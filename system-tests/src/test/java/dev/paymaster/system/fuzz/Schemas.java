package dev.paymaster.system.fuzz;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Values that fit a schema of the contract, and values that fit none. */
final class Schemas {
    /** JSON that is no, or a strange, value of most types. */
    private static final List<String> STRANGE = List.of(
            "null",
            "true",
            "-1",
            "0",
            "1.9",
            "1e3",
            "1e400",
            "-0",
            "9223372036854775807",
            "9223372036854775808",
            "123456789012345678901234567890",
            "\"\"",
            "\" \"",
            "\"1\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\ud801\"",
            "\"\\r\\nX: y\"",
            "\"'; DROP TABLE users; --\"",
            "\"${jndi:ldap://x}\"",
            "[]",
            "{}",
            "[1]",
            "{\"a\":null}",
            "NaN",
            "01",
            "\"" + "x".repeat(70_000) + "\"",
            "[".repeat(2_000),
            "[".repeat(900) + "]".repeat(900),
            "{\"a\":".repeat(900) + "1" + "}".repeat(900));

    private final JsonNode contract;
    private final List<String> ids;

    /** @param ids of things that are there */
    Schemas(JsonNode contract, List<String> ids) {
        this.contract = contract;
        this.ids = List.copyOf(ids);
    }

    JsonNode resolved(JsonNode node) {
        String reference = node.path("$ref").asString("");
        return reference.isEmpty() ? node : resolved(contract.at(reference.substring(1)));
    }

    static String strange(Random random) {
        return STRANGE.get(random.nextInt(STRANGE.size()));
    }

    /** Some of them, each once. */
    static List<String> strange(int number, Random random) {
        List<String> all = new ArrayList<>(STRANGE);
        Collections.shuffle(all, random);
        return all.subList(0, Math.min(number, all.size()));
    }

    /** All of them. */
    static List<String> strange() {
        return STRANGE;
    }

    /** A body that fits and has every field there may be. */
    ObjectNode whole(JsonNode given, Random random) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        resolved(given)
                .path("properties")
                .properties()
                .forEach(each -> whole.set(each.getKey(), valid(each.getValue(), each.getKey(), random)));
        return whole;
    }

    /** A value that fits. */
    JsonNode valid(JsonNode given, String name, Random random) {
        JsonNode schema = resolved(given);
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (schema.has("enum")) {
            return schema.path("enum").get(random.nextInt(schema.path("enum").size()));
        }
        JsonNode type = schema.path("type");
        return switch (type.isArray() ? type.get(0).asString("") : type.asString("")) {
            case "object" -> object(schema, random);
            case "array" -> array(schema, random);
            case "boolean" -> json.booleanNode(random.nextBoolean());
            case "integer" ->
                json.numberNode(schema.path("minimum").asLong(0)
                        + random.nextLong(Math.min(1000, schema.path("maximum").asLong(1000)) + 1));
            default -> json.stringNode(text(schema, name, random));
        };
    }

    private ObjectNode object(JsonNode schema, Random random) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(each -> required.add(each.asString("")));
        schema.path("properties").properties().forEach(each -> {
            if (required.contains(each.getKey()) || random.nextBoolean()) {
                object.set(each.getKey(), valid(each.getValue(), each.getKey(), random));
            }
        });
        return object;
    }

    private ArrayNode array(JsonNode schema, Random random) {
        return JsonNodeFactory.instance.arrayNode().add(valid(schema.path("items"), "item", random));
    }

    private String text(JsonNode schema, String name, Random random) {
        if (schema.path("format").asString("").equals("uuid") || name.equals("id")) {
            return random.nextInt(4) == 0
                    ? new UUID(random.nextLong(), random.nextLong()).toString()
                    : ids.get(random.nextInt(ids.size()));
        }
        JsonNode examples = schema.path("examples");
        if (examples.isArray()) {
            return examples.get(random.nextInt(examples.size())).asString("");
        }
        return switch (name) {
            case "skill" -> "research";
            case "tier" -> "starter";
            case "pack" -> "small";
            case "email" -> "sam@example.com";
            default -> "text " + random.nextInt(1000);
        };
    }

    /** A valid body with something wrong in it; not always JSON any more. */
    byte[] broken(ObjectNode body, Random random) {
        List<String> names = new ArrayList<>(body.propertyNames());
        String name = names.isEmpty() ? "x" : names.get(random.nextInt(names.size()));
        String text = body.toString();
        String field = JsonNodeFactory.instance.stringNode(name) + ":";
        return switch (random.nextInt(8)) {
            case 0 -> utf8(text.replace(field + body.path(name), field + strange(random)));
            case 1 -> utf8(body.deepCopy().without(name).toString());
            case 2 -> utf8(text.replaceFirst("\\{", "{" + field.replace("$", "\\$") + "1,"));
            case 3 -> utf8(text.replaceFirst("\\{", "{\"colour\":\"red\","));
            case 4 -> utf8(text.substring(0, random.nextInt(text.length())));
            case 5 -> utf8(strange(random));
            case 6 -> flipped(utf8(text), random);
            default -> new byte[0];
        };
    }

    static byte[] flipped(byte[] bytes, Random random) {
        byte[] flipped = bytes.clone();
        for (int i = 0; i <= random.nextInt(3) && flipped.length > 0; i++) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    static byte[] utf8(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    static JsonNode read(String json) {
        return JsonMapper.shared().readTree(json);
    }
}
