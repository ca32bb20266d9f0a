package dev.paymaster.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.paymaster.system.world.Api;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallerTest {
    private static final int CREATED = 201;
    private static final int UNAVAILABLE = 503;

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
