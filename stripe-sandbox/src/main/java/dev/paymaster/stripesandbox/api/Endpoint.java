package dev.paymaster.stripesandbox.api;

import dev.paymaster.stripesandbox.state.Kind;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * One call of Stripe's API.
 *
 * @param path segments, of which those in braces are variables: {@code /v1/customers/{id}}
 * @param object what the answer is, in Stripe's name of the object: it decides what can be expanded
 * @param list whether the answer is a list of those
 * @param parameters what the call takes, checked before anything else happens
 * @param handler what it does; runs inside {@code Store.transact}
 */
public record Endpoint(
        String method, String path, String object, boolean list, Parameters parameters, Handler handler) {

    /** The effect of a call, and the answer's body. Refuses by throwing {@link StripeRefusal}, before it changed anything. */
    @FunctionalInterface
    public interface Handler {
        ObjectNode handle(Call call);
    }

    /** A feature that answers calls. */
    @FunctionalInterface
    public interface Group {
        List<Endpoint> endpoints();
    }

    public static Endpoint get(String path, Kind kind, Handler handler) {
        return new Endpoint("GET", path, kind.object(), false, Parameters.NONE, handler);
    }

    public static Endpoint get(String path, String object, Handler handler) {
        return new Endpoint("GET", path, object, false, Parameters.NONE, handler);
    }

    public static Endpoint post(String path, Kind kind, Parameters parameters, Handler handler) {
        return new Endpoint("POST", path, kind.object(), false, parameters, handler);
    }

    public static Endpoint post(String path, String object, Parameters parameters, Handler handler) {
        return new Endpoint("POST", path, object, false, parameters, handler);
    }

    public static Endpoint delete(String path, Kind kind, Parameters parameters, Handler handler) {
        return new Endpoint("DELETE", path, kind.object(), false, parameters, handler);
    }

    /** A list; its parameters are built on {@link Parameters#list()}. */
    public static Endpoint list(String path, Kind kind, Parameters parameters, Handler handler) {
        return new Endpoint("GET", path, kind.object(), true, parameters, handler);
    }

    public static Endpoint list(String path, String object, Parameters parameters, Handler handler) {
        return new Endpoint("GET", path, object, true, parameters, handler);
    }
}
