package dev.paymaster.stripesandbox.api;

import dev.paymaster.stripesandbox.state.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Decodes what calls under {@code /v2/} send, JSON, to what {@link Form} makes of a form: so one kind of parameters. */
public final class JsonBody {
    private JsonBody() {}

    /**
     * The parameters of a query and of a body, either of which may be empty.
     *
     * @throws StripeRefusal 400 for anything malformed
     */
    public static ObjectNode decode(String query, String body) {
        ObjectNode parameters = Form.decode(query);
        if (body.isEmpty()) {
            return parameters;
        }
        JsonNode json;
        try {
            json = Json.MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw StripeRefusal.invalid(null, "Invalid JSON: " + e.getOriginalMessage(), null);
        }
        if (!json.isObject()) {
            throw StripeRefusal.invalid(null, "The v2 API takes a JSON object.", null);
        }
        parameters.setAll((ObjectNode) formLike(json));
        return parameters;
    }

    private static JsonNode formLike(JsonNode json) {
        if (json.isValueNode()) {
            return Json.MAPPER.getNodeFactory().stringNode(json.isNull() ? "" : json.asString());
        }
        ObjectNode object = Json.object();
        if (json.isArray()) {
            for (int i = 0; i < json.size(); i++) {
                object.set(String.valueOf(i), formLike(json.required(i)));
            }
        } else {
            json.forEachEntry((name, value) -> object.set(name, formLike(value)));
        }
        return object;
    }
}
