package dev.paymaster.stripesandbox.state;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * Empty Stripe objects with every field that API 2026-07-29.dahlia requires, read from {@code shapes/*.json}.
 * Thread-safe; each call returns a fresh copy.
 */
public final class Shapes {
    private static final Map<String, ObjectNode> SHAPES = new ConcurrentHashMap<>();

    private Shapes() {}

    /** The shape of an object, by Stripe's name of it, such as {@code checkout.session}. */
    public static ObjectNode of(String object) {
        return SHAPES.computeIfAbsent(object, Shapes::read).deepCopy();
    }

    /** A shape with its id and time of creation filled in. */
    public static ObjectNode of(Kind kind, String id, long created) {
        ObjectNode shape = of(kind.object());
        shape.put("id", id);
        if (shape.has("created")) {
            shape.put("created", created);
        }
        return shape;
    }

    private static ObjectNode read(String object) {
        String resource = "/dev/paymaster/stripesandbox/shapes/" + object + ".json";
        try (InputStream in = Shapes.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("No shape for " + object);
            }
            return (ObjectNode) Json.MAPPER.readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException("Unreadable shape " + resource, e);
        }
    }
}
