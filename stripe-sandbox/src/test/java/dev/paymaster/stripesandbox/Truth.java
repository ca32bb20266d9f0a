package dev.paymaster.stripesandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.stripesandbox.state.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** What Stripe's API 2026-07-29.dahlia promises about each object: fields that are never null, fields always there. */
final class Truth {
    private static final JsonNode PROMISES = read();

    private Truth() {}

    /** Checks an answer and every Stripe object inside it. */
    static void check(JsonNode json) {
        check("$", json);
    }

    private static void check(String path, JsonNode json) {
        if (json.path("deleted").asBoolean(false)) {
            return;
        }
        JsonNode object = json.path("object");
        if (json.isObject() && object.isString() && PROMISES.has(object.stringValue())) {
            keep(path + "(" + object.stringValue() + ")", PROMISES.required(object.stringValue()), json);
        }
        if (object.isString() && object.stringValue().equals("list")) {
            assertThat(json.path("data").isArray()).as(path + ".data").isTrue();
            assertThat(json.path("has_more").isBoolean()).as(path + ".has_more").isTrue();
            assertThat(json.path("url").stringValue("")).as(path + ".url").startsWith("/v1/");
        }
        if (json.isObject()) {
            json.forEachEntry((name, value) -> check(path + "." + name, value));
        } else if (json.isArray()) {
            json.forEach(element -> check(path + "[]", element));
        }
    }

    private static void keep(String path, JsonNode promises, JsonNode json) {
        promises.forEachEntry((field, promise) -> {
            String where = path + "." + field;
            String kind = promise.isString() ? promise.stringValue() : Json.require(promise, "kind");
            assertThat(json.has(field)).as(where + " is there").isTrue();
            if (kind.equals("required")) {
                assertThat(json.path(field).isNull()).as(where + " is null").isFalse();
                assertThat(json.path(field).stringValue("x"))
                        .as(where + " is empty")
                        .isNotEmpty();
            }
            if (promise.isObject() && json.path(field).isObject()) {
                keep(where, promise.required("fields"), json.path(field));
            }
        });
    }

    private static JsonNode read() {
        try (InputStream in = Truth.class.getResourceAsStream("required-fields.json")) {
            return Json.MAPPER.readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
