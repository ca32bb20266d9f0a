package dev.paymaster.system.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeTest {
    private final Journal journal = new Journal();

    /** When a call was under way. */
    private final List<Long> underWay = new CopyOnWriteArrayList<>();

    private volatile int status = 201;
    private HttpServer server;
    private Probe probe;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/jobs", this::create);
        server.start();
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        probe = new Probe(
                "sam", new Caller(new Api(address, null), journal, new Deadline(Duration.ofMinutes(1))), journal);
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    /** Each run calls once more than it has to. */
    @Test
    void countsNoCallThatWasUnderWay() {
        long before = System.nanoTime();
        probe.run(() -> false);

        assertThat(probe.nanosUntilSuccess(before)).isPresent();
        assertThat(probe.nanosUntilSuccess(underWay.getFirst())).isEmpty();

        probe.run(() -> underWay.size() == 1);

        assertThat(underWay).hasSize(3);
        assertThat(probe.nanosUntilSuccess(underWay.getFirst())).isPresent();
    }

    /** It is asked once at the end, though nobody wants it any more. */
    @ParameterizedTest
    @CsvSource({"201, 0", "200, 1", "402, 1", "404, 1", "409, 1"})
    void anyAnswerButSuccessIsAContradiction(int answered, int contradictions) {
        status = answered;
        long before = System.nanoTime();

        probe.run(() -> false);

        assertThat(journal.contradictions()).hasSize(contradictions);
        assertThat(probe.nanosUntilSuccess(before).isPresent()).isEqualTo(contradictions == 0);
    }

    private void create(HttpExchange call) throws IOException {
        underWay.add(System.nanoTime());
        byte[] body = "{\"id\": \"job-%d\"}".formatted(underWay.size()).getBytes(UTF_8);
        call.sendResponseHeaders(status, body.length);
        call.getResponseBody().write(body);
        call.close();
    }
}
