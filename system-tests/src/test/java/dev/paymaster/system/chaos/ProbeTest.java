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

class ProbeTest {
    private static final int CREATED = 201;

    /** When a call was under way. */
    private final List<Long> underWay = new CopyOnWriteArrayList<>();

    private HttpServer server;
    private Probe probe;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/jobs", this::create);
        server.start();
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        Journal journal = new Journal();
        Caller caller = new Caller(new Api(address, null), journal, new Deadline(Duration.ofMinutes(1)));
        probe = new Probe("sam", caller, journal);
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void countsNoCallThatWasUnderWay() {
        long before = System.nanoTime();
        probe.run(() -> underWay.isEmpty());

        assertThat(probe.nanosUntilSuccess(before)).isPresent();
        assertThat(probe.nanosUntilSuccess(underWay.getFirst())).isEmpty();

        probe.run(() -> underWay.size() == 1);

        assertThat(probe.nanosUntilSuccess(underWay.getFirst())).isPresent();
    }

    private void create(HttpExchange call) throws IOException {
        underWay.add(System.nanoTime());
        byte[] body = "{\"id\": \"job-%d\"}".formatted(underWay.size()).getBytes(StandardCharsets.UTF_8);
        call.sendResponseHeaders(CREATED, body.length);
        call.getResponseBody().write(body);
        call.close();
    }
}
