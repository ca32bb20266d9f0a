package dev.paymaster.stripesandbox.api;

import dev.paymaster.stripesandbox.state.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Turns one decoded form value into a typed one, or refuses it in Stripe's words. Immutable. */
@FunctionalInterface
public interface ParameterType {
    /** Longer texts than Stripe takes anywhere are refused. */
    int MAX_TEXT = 5_000;

    /** Reads a value; {@code name} is the parameter as the client wrote it, for the error. */
    JsonNode read(String name, JsonNode raw);

    static ParameterType text() {
        return (name, raw) -> StringNode.valueOf(nonEmpty(name, raw));
    }

    /** An empty value unsets the parameter: the result is null. */
    static ParameterType unsettable(ParameterType type) {
        return (name, raw) ->
                raw.isString() && raw.stringValue().isEmpty() ? NullNode.getInstance() : type.read(name, raw);
    }

    static ParameterType integer(long min, long max) {
        Pattern digits = Pattern.compile("-?[0-9]{1,18}");
        return (name, raw) -> {
            String text = nonEmpty(name, raw);
            if (!digits.matcher(text).matches()) {
                throw StripeRefusal.invalid("parameter_invalid_integer", "Invalid integer: " + text, name);
            }
            long value = Long.parseLong(text);
            if (value < min) {
                throw StripeRefusal.invalid(
                        "parameter_invalid_integer", "This value must be greater than or equal to " + min + ".", name);
            }
            if (value > max) {
                throw StripeRefusal.invalid(
                        "parameter_invalid_integer", "This value must be less than or equal to " + max + ".", name);
            }
            return LongNode.valueOf(value);
        };
    }

    static ParameterType bool() {
        return (name, raw) -> switch (nonEmpty(name, raw)) {
            case "true" -> BooleanNode.TRUE;
            case "false" -> BooleanNode.FALSE;
            default -> throw StripeRefusal.invalid(null, "Invalid boolean: " + raw.stringValue(), name);
        };
    }

    static ParameterType choice(String... values) {
        List<String> allowed = List.of(values);
        return (name, raw) -> {
            String text = nonEmpty(name, raw);
            if (!allowed.contains(text)) {
                throw StripeRefusal.invalid(
                        null, "Invalid " + name + ": must be one of " + String.join(", ", allowed), name);
            }
            return StringNode.valueOf(text);
        };
    }

    /** An address with a domain that has a dot, as Stripe wants it. */
    static ParameterType email() {
        Pattern address = Pattern.compile("[^@\\s]+@[^@\\s.]+(\\.[^@\\s.]+)+");
        return (name, raw) -> {
            String text = nonEmpty(name, raw);
            if (!address.matcher(text).matches()) {
                throw StripeRefusal.invalid("email_invalid", "Invalid email address: " + text, name);
            }
            return StringNode.valueOf(text);
        };
    }

    /** An absolute http or https URL. */
    static ParameterType url() {
        Pattern absolute = Pattern.compile("https?://[^\\s/]+\\S*");
        return (name, raw) -> {
            String text = nonEmpty(name, raw);
            if (!absolute.matcher(text).matches()) {
                throw StripeRefusal.invalid("url_invalid", "Not a valid URL", name);
            }
            return StringNode.valueOf(text);
        };
    }

    static ParameterType object(Parameters parameters) {
        return (name, raw) -> {
            if (raw instanceof ObjectNode object) {
                return parameters.read(name, object);
            }
            throw StripeRefusal.invalid(null, "Invalid object", name);
        };
    }

    static ParameterType list(ParameterType type) {
        return (name, raw) -> {
            if (!(raw instanceof ObjectNode indexed)) {
                throw StripeRefusal.invalid(null, "Invalid array", name);
            }
            Map<Integer, JsonNode> ordered = new TreeMap<>();
            for (Map.Entry<String, JsonNode> element : indexed.properties()) {
                if (!element.getKey().matches("[0-9]{1,4}")) {
                    throw StripeRefusal.invalid(null, "Invalid array", name);
                }
                ordered.put(Integer.valueOf(element.getKey()), element.getValue());
            }
            ArrayNode values = Json.array();
            ordered.forEach((index, value) -> values.add(type.read(name + "[" + index + "]", value)));
            return values;
        };
    }

    /** Up to 50 keys of up to 40 characters, values up to 500; an empty value removes a key, an empty map all. */
    static ParameterType metadata() {
        return (name, raw) -> {
            if (raw.isString() && raw.stringValue().isEmpty()) {
                return NullNode.getInstance();
            }
            if (!(raw instanceof ObjectNode map)) {
                throw StripeRefusal.invalid(null, "Invalid object", name);
            }
            if (map.size() > 50) {
                throw StripeRefusal.invalid(null, "You can specify up to 50 metadata keys.", name);
            }
            for (Map.Entry<String, JsonNode> entry : map.properties()) {
                if (!entry.getValue().isString()
                        || entry.getKey().length() > 40
                        || entry.getValue().stringValue().length() > 500) {
                    throw StripeRefusal.invalid(
                            null,
                            "Metadata keys can have up to 40 characters and values, which are texts, up to 500.",
                            name + "[" + entry.getKey() + "]");
                }
            }
            return map;
        };
    }

    /** A time in seconds, or an object with any of {@code gt, gte, lt, lte}. */
    static ParameterType timeRange() {
        ParameterType time = integer(0, Long.MAX_VALUE);
        ParameterType range = object(Parameters.NONE
                .optional("gt", time)
                .optional("gte", time)
                .optional("lt", time)
                .optional("lte", time));
        return (name, raw) -> raw.isString() ? time.read(name, raw) : range.read(name, raw);
    }

    static ParameterType anything() {
        return (name, raw) -> raw;
    }

    private static String nonEmpty(String name, JsonNode raw) {
        if (!raw.isString()) {
            throw StripeRefusal.invalid(null, "Invalid string: " + raw, name);
        }
        String text = raw.stringValue();
        if (text.isEmpty()) {
            throw StripeRefusal.invalid(
                    "parameter_invalid_empty",
                    "You passed an empty string for '" + name + "'. We assume empty values are an attempt to unset a"
                            + " parameter; however '" + name + "' cannot be unset. You should remove '" + name
                            + "' from your request or supply a non-empty value.",
                    name);
        }
        if (text.length() > MAX_TEXT) {
            throw StripeRefusal.invalid(
                    "parameter_invalid_string_length",
                    "Invalid string: must be at most " + MAX_TEXT + " characters",
                    name);
        }
        return text;
    }
}
