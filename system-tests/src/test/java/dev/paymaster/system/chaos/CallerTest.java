package dev.paymaster.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.paymaster.system.world.Api;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallerTest {
    private static final int CREATED = 201;
    private static final int UNAVAILABLE = 503;

    private static final int CONFLICT = 409;
    private static final int OK = 200;
    private static final String[] UNDER_WAY = {"reconcile_under_way", "idempotency_key_in_use"};

    private final List<String> keys = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private Caller caller;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::refuseTheFirstOfEachKey);
        server.start();
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        caller = new Caller(new Api(address, null), new Journal(), new Deadline(Duration.ofMinutes(1)));
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void asksAgainWithTheSameKeyAndCallsAnewWithAnother() {
        assertThat(caller.post("/jobs", "{}").status()).isEqualTo(CREATED);
        assertThat(caller.post("/jobs").status()).isEqualTo(CREATED);

        assertThat(keys).hasSize(4).doesNotContainNull();
        assertThat(keys.get(1)).isEqualTo(keys.get(0)).isNotEqualTo(keys.get(2));
        assertThat(keys.get(3)).isEqualTo(keys.get(2));
    }

    @Test
    void hangsUpOnOneOfFiveAndCallsAgainWithTheSameKey() {
        caller.post("/jobs");
        caller.post("/jobs");

        assertThat(caller.post("/jobs").status()).isEqualTo(CREATED);
        assertThat(keys).hasSize(6);
        assertThat(keys.get(5)).isEqualTo(keys.get(4));
    }

    /** A gateway that was killed holds what it had for a while; a conflict of another kind is an answer. */
    @Test
    void asksAgainWhileSomebodyElseIsAtIt() {
        List<String> asked = new CopyOnWriteArrayList<>();
        server.createContext("/reconcile", call -> {
            asked.add(call.getRequestHeaders().getFirst("Idempotency-Key"));
            answer(call, asked.size() > UNDER_WAY.length ? OK : CONFLICT, UNDER_WAY[(asked.size() - 1) % 2]);
        });
        server.createContext("/verify", call -> answer(call, CONFLICT, "already_verified"));

        assertThat(caller.post("/reconcile").status()).isEqualTo(OK);
        assertThat(asked).hasSize(3).containsOnly(asked.getFirst());
        assertThat(caller.post("/verify").status()).isEqualTo(CONFLICT);
    }

    private static void answer(HttpExchange call, int status, String code) throws IOException {
        byte[] body = ("{\"code\": \"" + code + "\"}").getBytes(StandardCharsets.US_ASCII);
        call.sendResponseHeaders(status, body.length);
        call.getResponseBody().write(body);
        call.close();
    }

    /** The fifth waits for an answer in vain. */
    private void refuseTheFirstOfEachKey(HttpExchange call) throws IOException {
        String key = call.getRequestHeaders().getFirst("Idempotency-Key");
        int status = keys.contains(key) ? CREATED : UNAVAILABLE;
        keys.add(key);
        if (keys.size() == 5) {
            return;
        }
        call.sendResponseHeaders(status, -1);
        call.close();
    }
}
