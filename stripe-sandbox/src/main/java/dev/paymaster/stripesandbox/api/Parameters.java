package dev.paymaster.stripesandbox.api;

import dev.paymaster.stripesandbox.state.Json;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The parameters that a call (or an object within one) takes. What isn't declared is refused with
 * {@code parameter_unknown}, as Stripe does, so that a misspelt or unsupported parameter is never silently dropped.
 * Immutable.
 */
public record Parameters(Map<String, ParameterType> types, Set<String> required) {
    /** Takes nothing (but {@code expand}, which every call takes). */
    public static final Parameters NONE = new Parameters(Map.of(), Set.of());

    public Parameters {
        types = Map.copyOf(types);
        required = Set.copyOf(required);
    }

    /** Parameters that all lists take. */
    public static Parameters list() {
        return NONE.optional("limit", ParameterType.integer(1, 100))
                .optional("starting_after", ParameterType.text())
                .optional("ending_before", ParameterType.text());
    }

    public Parameters required(String name, ParameterType type) {
        Set<String> more = new HashSet<>(required);
        more.add(name);
        return new Parameters(with(name, type), more);
    }

    public Parameters optional(String name, ParameterType type) {
        return new Parameters(with(name, type), required);
    }

    /** Parameters that Stripe knows and that change nothing here; any value is taken and ignored. */
    public Parameters ignoring(String... names) {
        Parameters all = this;
        for (String name : names) {
            all = all.optional(name, ParameterType.anything());
        }
        return all;
    }

    /** The decoded parameters of a call as typed values, {@code expand} included. */
    public ObjectNode read(ObjectNode form) {
        return optional("expand", ParameterType.list(ParameterType.text())).read("", form);
    }

    ObjectNode read(String path, ObjectNode form) {
        ObjectNode values = Json.object();
        for (Map.Entry<String, JsonNode> given : form.properties()) {
            String name = nested(path, given.getKey());
            ParameterType type = types.get(given.getKey());
            if (type == null) {
                throw StripeRefusal.invalid("parameter_unknown", "Received unknown parameter: " + name, name);
            }
            values.set(given.getKey(), type.read(name, given.getValue()));
        }
        for (String name : required) {
            if (!values.has(name)) {
                String missing = nested(path, name);
                throw StripeRefusal.invalid("parameter_missing", "Missing required param: " + missing + ".", missing);
            }
        }
        return values;
    }

    private Map<String, ParameterType> with(String name, ParameterType type) {
        Map<String, ParameterType> more = new LinkedHashMap<>(types);
        more.put(name, type);
        return more;
    }

    private static String nested(String path, String name) {
        return path.isEmpty() ? name : path + "[" + name + "]";
    }
}
