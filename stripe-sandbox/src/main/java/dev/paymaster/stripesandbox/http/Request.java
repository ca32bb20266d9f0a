package dev.paymaster.stripesandbox.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request, read completely.
 *
 * @param path raw, as it was sent
 * @param query raw; empty if there is none
 * @param headers the first value of each, by lower-case name
 * @param body one character per byte (ISO 8859-1)
 */
public record Request(String method, String path, String query, Map<String, String> headers, String body) {
    /** The value of a header, or null. */
    public @Nullable String header(String lowerCaseName) {
        return headers.get(lowerCaseName);
    }

    /** The body as UTF-8 bytes were meant. */
    public String text() {
        return new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** The path's segments. */
    public List<String> segments() {
        return List.of(path.substring(1).split("/", -1));
    }
}
