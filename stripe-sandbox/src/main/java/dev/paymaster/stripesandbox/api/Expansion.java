package dev.paymaster.stripesandbox.api;

import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code expand[]}: replaces ids by the objects they name, and includes lists that an answer leaves out by itself. */
public final class Expansion {
    /** Stripe's own limit. */
    private static final int MAX_DEPTH = 4;

    private final Store store;

    public Expansion(Store store) {
        this.store = store;
    }

    /** Refuses paths that lead nowhere; done before the call has any effect. */
    public static void check(Endpoint endpoint, JsonNode paths) {
        for (JsonNode path : paths) {
            List<String> fields = split(path.stringValue());
            boolean wrongStart = endpoint.list() != fields.getFirst().equals("data");
            String unknown = wrongStart
                    ? fields.getFirst()
                    : unknown(endpoint.object(), endpoint.list() ? fields.subList(1, fields.size()) : fields);
            if (unknown != null) {
                throw StripeRefusal.invalid(
                        null, "This property cannot be expanded (" + unknown + ") in the sandbox.", "expand");
            }
            if (fields.size() > MAX_DEPTH + (endpoint.list() ? 1 : 0)) {
                throw StripeRefusal.invalid(
                        null, "You cannot expand more than " + MAX_DEPTH + " levels of a property", "expand");
            }
        }
    }

    /** A copy of the answer with these (checked) paths expanded. */
    public ObjectNode expand(Endpoint endpoint, ObjectNode answer, JsonNode paths) {
        if (paths.isEmpty()) {
            return answer;
        }
        ObjectNode expanded = answer.deepCopy();
        for (JsonNode path : paths) {
            List<String> fields = split(path.stringValue());
            if (endpoint.list()) {
                expandAll(endpoint.object(), (ArrayNode) expanded.required("data"), fields.subList(1, fields.size()));
            } else {
                expand(endpoint.object(), expanded, fields);
            }
        }
        return expanded;
    }

    private void expand(String shape, ObjectNode owner, List<String> path) {
        if (path.isEmpty()) {
            return;
        }
        String field = path.getFirst();
        List<String> rest = path.subList(1, path.size());
        switch (ExpansionTarget.of(shape, field)) {
            case ExpansionTarget.Reference reference -> expandReference(reference, owner, field, rest);
            case ExpansionTarget.Inside inside -> {
                if (owner.get(field) instanceof ObjectNode object) {
                    expand(inside.shape(), object, rest);
                }
            }
            case ExpansionTarget.Elements elements -> {
                if (!rest.isEmpty()) {
                    expandAll(elements.shape(), Json.data(owner, field), rest.subList(1, rest.size()));
                }
            }
            case ExpansionTarget.Included included -> include(included, owner, field, rest);
            case null -> throw new IllegalStateException("Unchecked expansion of " + field);
        }
    }

    private void expandAll(String shape, ArrayNode elements, List<String> path) {
        elements.forEach(element -> expand(shape, (ObjectNode) element, path));
    }

    private void expandReference(
            ExpansionTarget.Reference reference, ObjectNode owner, String field, List<String> rest) {
        if (owner.get(field) instanceof ObjectNode expandedBefore) {
            expand(Json.require(expandedBefore, "object"), expandedBefore, rest);
            return;
        }
        String id = Json.text(owner, field);
        for (Kind kind : reference.kinds()) {
            ObjectNode named = id == null ? null : store.find(kind, id);
            if (named != null) {
                ObjectNode copy = named.deepCopy();
                owner.set(field, copy);
                expand(kind.object(), copy, rest);
            }
        }
    }

    private void include(ExpansionTarget.Included included, ObjectNode owner, String field, List<String> rest) {
        String id = Json.require(owner, "id");
        if (!owner.has(field)) {
            owner.set(field, included(included, id, field));
        }
        if (!rest.isEmpty()) {
            String shape = included.kind() == Kind.CHECKOUT_ORDER
                    ? "item"
                    : included.kind().object();
            expandAll(shape, Json.data(owner, field), rest.subList(1, rest.size()));
        }
    }

    private ObjectNode included(ExpansionTarget.Included included, String id, String field) {
        if (included.kind() == Kind.CHECKOUT_ORDER) {
            return ((ObjectNode) store.get(Kind.CHECKOUT_ORDER, id).required(field)).deepCopy();
        }
        List<ObjectNode> elements = new ArrayList<>();
        store.newestFirst(included.kind(), Filter.field(included.pointer(), id))
                .map(ObjectNode::deepCopy)
                .forEach(elements::add);
        return Lists.of(elements, false, "/v1/" + included.kind().object() + "s");
    }

    private static @Nullable String unknown(String shape, List<String> path) {
        if (path.isEmpty()) {
            return null;
        }
        String field = path.getFirst();
        List<String> rest = path.subList(1, path.size());
        return switch (ExpansionTarget.of(shape, field)) {
            case null -> field;
            case ExpansionTarget.Reference reference ->
                reference.kinds().stream().anyMatch(kind -> unknown(kind.object(), rest) == null)
                        ? null
                        : String.join(".", path);
            case ExpansionTarget.Inside inside -> rest.isEmpty() ? field : unknown(inside.shape(), rest);
            case ExpansionTarget.Elements elements -> unknownInList(elements.shape(), rest);
            case ExpansionTarget.Included included ->
                unknownInList(
                        included.kind() == Kind.CHECKOUT_ORDER
                                ? "item"
                                : included.kind().object(),
                        rest);
        };
    }

    private static @Nullable String unknownInList(String shape, List<String> path) {
        if (path.isEmpty()) {
            return null;
        }
        return path.getFirst().equals("data") ? unknown(shape, path.subList(1, path.size())) : path.getFirst();
    }

    private static List<String> split(String path) {
        return Arrays.asList(path.split("\\.", -1));
    }
}
