package dev.paymaster.stripesandbox.control;

import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.state.Json;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a control was called with; whatever isn't as it should be is refused with 400. */
public record Input(Map<String, String> path, JsonNode body) {
    /** The {@code {id}} of the path. */
    public String id() {
        return Objects.requireNonNull(path.get("id"));
    }

    public @Nullable String text(String field) {
        String text = Json.text(body, field);
        if (text == null && body.has(field)) {
            throw StripeRefusal.invalid(null, "'" + field + "' is a text", field);
        }
        return text;
    }

    public String text(String field, String otherwise) {
        String text = text(field);
        return text == null ? otherwise : text;
    }

    /** One of a few words; the first is what is meant when nothing is said. */
    public String choice(String field, String... values) {
        String chosen = text(field, values[0]);
        if (!List.of(values).contains(chosen)) {
            throw StripeRefusal.invalid(null, "'" + field + "' is one of " + String.join(", ", values), field);
        }
        return chosen;
    }

    public long integer(String field, long min, long max) {
        JsonNode value = body.path(field);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < min
                || value.longValue() > max) {
            throw StripeRefusal.invalid(null, "'" + field + "' is a whole number from " + min + " to " + max, field);
        }
        return value.longValue();
    }

    /** A number that may be left out. */
    public @Nullable Long optionalInteger(String field, long min, long max) {
        return body.has(field) ? Long.valueOf(integer(field, min, max)) : null;
    }
}
