package dev.paymaster.stripesandbox.api;

import dev.paymaster.stripesandbox.state.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decodes {@code application/x-www-form-urlencoded} with Stripe's brackets: {@code a[b]=1} nests, {@code a[]=1} and
 * {@code a[0]=1} make lists (kept as objects with the keys 0, 1, …, because only the parameter's type tells a list from
 * a map). Leaves are strings. Whatever can't be decoded is refused with 400, never guessed.
 */
public final class Form {
    /** Stripe's largest documented call (250 expanded invoice lines) stays below this many pairs. */
    static final int MAX_PAIRS = 2_000;
    /** Stripe's deepest parameter is six levels down; the rest is somebody trying. */
    static final int MAX_DEPTH = 8;

    private Form() {}

    /**
     * Decodes a body or a query.
     *
     * @param form one character per byte (ISO 8859-1), so that text that isn't UTF-8 is noticed and not replaced
     * @throws StripeRefusal 400 for anything malformed
     */
    public static ObjectNode decode(String form) {
        ObjectNode root = Json.object();
        if (form.isEmpty()) {
            return root;
        }
        int pairs = 0;
        for (int start = 0; start <= form.length(); ) {
            int end = form.indexOf('&', start);
            end = end < 0 ? form.length() : end;
            if (end > start) {
                if (++pairs > MAX_PAIRS) {
                    throw malformed("more than " + MAX_PAIRS + " parameters");
                }
                decodePair(form.substring(start, end), root);
            }
            start = end + 1;
        }
        return root;
    }

    private static void decodePair(String pair, ObjectNode root) {
        int equals = pair.indexOf('=');
        String name = unescape(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : unescape(pair.substring(equals + 1));
        List<String> path = path(name);
        ObjectNode owner = root;
        for (int i = 0; i < path.size() - 1; i++) {
            owner = descend(owner, path.get(i), path.get(i + 1), name);
        }
        String key = path.getLast().isEmpty() ? String.valueOf(owner.size()) : path.getLast();
        if (owner.get(key) instanceof ObjectNode) {
            throw malformed("parameter " + name + " is given both as a value and as an object");
        }
        owner.put(key, value);
    }

    /** The object at a key, made if absent. An empty key means the list's last object, or a new one if that is taken. */
    private static ObjectNode descend(ObjectNode owner, String key, String nextKey, String name) {
        String place = key;
        if (key.isEmpty()) {
            boolean reuse = !owner.isEmpty()
                    && owner.get(String.valueOf(owner.size() - 1)) instanceof ObjectNode last
                    && !last.has(nextKey);
            place = String.valueOf(reuse ? owner.size() - 1 : owner.size());
        }
        JsonNode there = owner.get(place);
        if (there == null) {
            return owner.putObject(place);
        }
        if (there instanceof ObjectNode object) {
            return object;
        }
        throw malformed("parameter " + name + " is given both as a value and as an object");
    }

    /** {@code a[b][]} becomes {@code a, b, ""}. */
    private static List<String> path(String name) {
        List<String> path = new ArrayList<>();
        int bracket = name.indexOf('[');
        path.add(bracket < 0 ? name : name.substring(0, bracket));
        for (int at = bracket; at >= 0 && at < name.length(); ) {
            int close = name.indexOf(']', at);
            if (name.charAt(at) != '['
                    || close < 0
                    || name.substring(at + 1, close).indexOf('[') >= 0) {
                throw malformed("parameter name " + name + " has unbalanced brackets");
            }
            path.add(name.substring(at + 1, close));
            at = close + 1;
        }
        if (path.getFirst().isEmpty() || path.getFirst().indexOf(']') >= 0) {
            throw malformed("parameter name '" + name + "' is not a name");
        }
        if (path.size() > MAX_DEPTH) {
            throw malformed("parameter name is nested more than " + MAX_DEPTH + " levels deep");
        }
        return path;
    }

    private static String unescape(String escaped) {
        ByteBuffer bytes = ByteBuffer.allocate(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '%') {
                if (i + 2 >= escaped.length()) {
                    throw malformed("a percent sign without two hexadecimal digits");
                }
                bytes.put((byte) (hex(escaped.charAt(i + 1)) << 4 | hex(escaped.charAt(i + 2))));
                i += 2;
            } else {
                bytes.put((byte) (c == '+' ? ' ' : c));
            }
        }
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
            if (text.indexOf('\0') >= 0) {
                throw malformed("a null character");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw malformed("text that is not UTF-8");
        }
    }

    private static int hex(char c) {
        int digit = Character.digit(c, 16);
        if (digit < 0 || c > 'f') {
            throw malformed("a percent sign without two hexadecimal digits");
        }
        return digit;
    }

    private static StripeRefusal malformed(String what) {
        return StripeRefusal.invalid(null, "Invalid request (check your form encoding): " + what + ".", null);
    }
}
