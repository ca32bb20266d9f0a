package dev.paymaster.stripesandbox.api;

import dev.paymaster.stripesandbox.state.Json;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One validated call of the API.
 *
 * @param path the values of the path's variables
 * @param parameters typed as the endpoint declared them; a null value means "unset"
 * @param account the connected account in whose name the call is made ({@code Stripe-Account}), if any
 */
public record Call(
        Map<String, String> path,
        ObjectNode parameters,
        @Nullable String account) {
    /** The {@code {id}} of the path. */
    public String id() {
        return Objects.requireNonNull(path.get("id"));
    }

    public boolean has(String name) {
        return parameters.has(name);
    }

    /** The text of a parameter; null where it wasn't given or was unset. */
    public @Nullable String text(String name) {
        return Json.text(parameters, name);
    }

    public String require(String name) {
        return Json.require(parameters, name);
    }

    public long integer(String name) {
        return parameters.required(name).longValue();
    }

    public long integer(String name, long otherwise) {
        return parameters.path(name).asLong(otherwise);
    }

    public boolean flag(String name) {
        return parameters.path(name).asBoolean(false);
    }

    /** The parameter as it was read; a missing node where it wasn't given. */
    public JsonNode get(String name) {
        return parameters.path(name);
    }

    /** Copies the given ones of these parameters to the object's fields of the same name. */
    public void copyTo(ObjectNode object, String... names) {
        for (String name : names) {
            JsonNode value = parameters.get(name);
            if (value != null) {
                object.set(name, value);
            }
        }
    }

    /** Merges the call's {@code metadata} into the object's: empty values remove keys, an unset map removes all. */
    public void mergeMetadata(ObjectNode object) {
        merge(object, parameters.path("metadata"));
    }

    /** As {@link #mergeMetadata}, for metadata that stands elsewhere in a call. */
    public static void merge(ObjectNode object, JsonNode metadata) {
        ObjectNode merged = object.path("metadata") instanceof ObjectNode old ? old.deepCopy() : Json.object();
        if (metadata.isNull()) {
            merged.removeAll();
        }
        metadata.forEachEntry((key, value) -> {
            if (value.stringValue().isEmpty()) {
                merged.remove(key);
            } else {
                merged.set(key, value);
            }
        });
        object.set("metadata", merged);
    }
}
