package dev.paymaster.credit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A Stripe that answers what it was told to, by path and query, and knows of nothing else. */
final class ScriptedStripe implements AutoCloseable {
    private static final String MISSING =
            "{\"error\": {\"type\": \"invalid_request_error\", \"code\": \"resource_missing\"}}";

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Map<String, Integer> calls = new ConcurrentHashMap<>();
    private final HttpServer server;

    private ScriptedStripe(HttpServer server) {
        this.server = server;
    }

    static ScriptedStripe start() throws IOException {
        ScriptedStripe stripe =
                new ScriptedStripe(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        stripe.server.createContext("/", stripe::answer);
        stripe.server.start();
        return stripe;
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    void knows(String path, String answer) {
        answers.put(path, answer);
    }

    /** How often it was asked for each path. */
    Map<String, Integer> calls() {
        return calls;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = URLDecoder.decode(exchange.getRequestURI().toString(), UTF_8);
        calls.merge(path, 1, Integer::sum);
        @Nullable String known = answers.get(path);
        byte[] answer = (known == null ? MISSING : known).getBytes(UTF_8);
        // Stripe knows payment_intent and payment_record.
        int unknown = path.contains("payment[type]=charge") ? 400 : 404;
        exchange.sendResponseHeaders(known == null ? unknown : 200, answer.length);
        try (exchange) {
            exchange.getResponseBody().write(answer);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
