package dev.paymaster.stripesandbox.api;

import dev.paymaster.stripesandbox.state.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** An answer of Stripe's that isn't 2xx, with the error object that clients see. Carries no stack trace: it is no bug. */
public final class StripeRefusal extends RuntimeException {
    private final int status;
    private final String type;
    private final @Nullable String code;
    private final @Nullable String param;

    public StripeRefusal(int status, String type, @Nullable String code, String message, @Nullable String param) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.code = code;
        this.param = param;
    }

    public static StripeRefusal invalid(@Nullable String code, String message, @Nullable String param) {
        return new StripeRefusal(400, "invalid_request_error", code, message, param);
    }

    /** The object that the URL names doesn't exist. */
    public static StripeRefusal notFound(String object, String id) {
        return new StripeRefusal(404, "invalid_request_error", "resource_missing", noSuch(object, id), "id");
    }

    /** An object that a parameter names doesn't exist. */
    public static StripeRefusal missing(String object, String id, String param) {
        return invalid("resource_missing", noSuch(object, id), param);
    }

    public int status() {
        return status;
    }

    /** Stripe's error object, as it goes over the wire. */
    public ObjectNode body() {
        ObjectNode error = Json.object();
        if (code != null) {
            error.put("code", code).put("doc_url", "https://docs.stripe.com/error-codes/" + code.replace('_', '-'));
        }
        error.put("message", String.valueOf(getMessage()));
        if (param != null) {
            error.put("param", param);
        }
        error.put("type", type);
        ObjectNode body = Json.object();
        body.set("error", error);
        return body;
    }

    private static String noSuch(String object, String id) {
        return "No such " + object + ": '" + id + "'";
    }
}
