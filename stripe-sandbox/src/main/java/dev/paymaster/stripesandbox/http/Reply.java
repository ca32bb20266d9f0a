package dev.paymaster.stripesandbox.http;

import dev.paymaster.stripesandbox.state.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What the client gets, which may be less than an answer. */
public sealed interface Reply {
    /** A whole answer. */
    record Answer(int status, Map<String, String> headers, byte[] body) implements Reply {
        public Answer {
            headers = Map.copyOf(headers);
        }

        public Answer with(String header, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Answer(status, more, body);
        }
    }

    /** The connection is closed without a byte. */
    record Cut() implements Reply {}

    /** The connection is closed in the middle of the body. */
    record Truncated(Answer answer) implements Reply {}

    static Answer json(int status, JsonNode body) {
        return new Answer(status, Map.of("Content-Type", "application/json"), Json.bytes(body));
    }

    static Answer text(int status, String contentType, String body) {
        return new Answer(status, Map.of("Content-Type", contentType), body.getBytes(StandardCharsets.UTF_8));
    }

    /** A page. It needs nothing from elsewhere, so nothing from elsewhere is allowed in. */
    static Answer html(int status, String body) {
        return text(status, "text/html; charset=utf-8", body)
                .with("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'")
                .with("Cache-Control", "no-store")
                .with("X-Content-Type-Options", "nosniff")
                .with("Referrer-Policy", "no-referrer");
    }

    /** After a form was sent: the browser goes there with GET. */
    static Answer seeOther(String url) {
        return new Answer(303, Map.of("Location", url, "Cache-Control", "no-store"), new byte[0]);
    }
}
