package dev.paymaster.events.schema;

import dev.paymaster.events.schema.MessageType.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a change of a schema would break. Old and new versions run side by side, and events are kept for ever, so each
 * must read the other: optional fields may be added, and values of enums in events; nothing else may change.
 */
final class Compatibility {
    private final Kind kind;
    private final List<String> breaks = new ArrayList<>();

    private Compatibility(Kind kind) {
        this.kind = kind;
    }

    /** One line per break, empty when there is none. */
    static List<String> breaks(JsonNode released, JsonNode now, Kind kind) {
        Compatibility comparison = new Compatibility(kind);
        comparison.compare("", released, now);
        return comparison.breaks;
    }

    private void compare(String path, JsonNode released, JsonNode now) {
        for (String keyword : union(released.propertyNames(), now.propertyNames())) {
            JsonNode before = released.path(keyword);
            JsonNode after = now.path(keyword);
            switch (keyword) {
                case "properties" -> compareFields(path, before, after);
                case "required" -> compareRequired(path, texts(before), texts(after));
                case "enum" -> compareValues(path, before, after);
                case "items", "additionalProperties" -> compareNested(path + "[]", keyword, before, after);
                default -> compareKeyword(path, keyword, before, after);
            }
        }
    }

    private void compareFields(String path, JsonNode before, JsonNode after) {
        for (String field : before.propertyNames()) {
            if (after.has(field)) {
                compare(path + "/" + field, before.path(field), after.path(field));
            } else {
                breaks.add(path + "/" + field + " is gone");
            }
        }
    }

    private void compareRequired(String path, Set<String> before, Set<String> after) {
        without(after, before).forEach(field -> breaks.add(path + "/" + field + " has become required"));
        without(before, after).forEach(field -> breaks.add(path + "/" + field + " is no longer required"));
    }

    private void compareValues(String path, JsonNode before, JsonNode after) {
        if (before.isMissingNode() || after.isMissingNode()) {
            compareKeyword(path, "enum", before, after);
            return;
        }
        without(texts(before), texts(after)).forEach(value -> breaks.add(path + " no longer has the value " + value));
        if (kind == Kind.COMMAND) {
            without(texts(after), texts(before)).forEach(value -> breaks.add(path + " has the new value " + value));
        }
    }

    private void compareNested(String path, String keyword, JsonNode before, JsonNode after) {
        if (before.isObject() && after.isObject()) {
            compare(path, before, after);
        } else {
            compareKeyword(path, keyword, before, after);
        }
    }

    private void compareKeyword(String path, String keyword, JsonNode before, JsonNode after) {
        if (!before.equals(after)) {
            breaks.add((path.isEmpty() ? "/" : path) + ": " + keyword + " was " + shown(before) + " and is "
                    + shown(after));
        }
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "absent" : value.toString();
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new LinkedHashSet<>();
        array.forEach(text -> texts.add(text.asString()));
        return texts;
    }

    private static Set<String> union(Iterable<String> first, Iterable<String> second) {
        Set<String> union = new LinkedHashSet<>();
        first.forEach(union::add);
        second.forEach(union::add);
        return union;
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        Set<String> rest = new LinkedHashSet<>(all);
        rest.removeAll(some);
        return rest;
    }
}
