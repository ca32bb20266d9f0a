package dev.paymaster.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.springframework.r2dbc.core.DatabaseClient;

/** What becomes of connections to the database when either end is gone without a word, by their settings. */
class DatabaseConnectionsTest {
    /** The kernel's own would be 7,200. */
    private static final int SECONDS_UNTIL_PROBED = 15;

    /** Of a second, as /proc counts them. */
    private static final int TICKS = 100;

    private static final String KEEPALIVE_TIMER = "02:";

    private static RunningGateway gateway;
    private static DatabaseClient database;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start("gateway_connections", EmbeddedBroker.shared());
        database = gateway.bean(DatabaseClient.class);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void theServerEndsSessionsWhoseTransactionNobodyGoesOnWith() {
        assertThat(one("SHOW idle_in_transaction_session_timeout")).isEqualTo("30s");
    }

    /** As {@code /proc/net/tcp} has it: {@code tr:tm->when}, the timer and when it ends, both hexadecimal. */
    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void theSystemProbesConnectionsThatAreSilent() throws IOException {
        int port = Integer.parseInt(one("SELECT client_port::text FROM pg_stat_activity WHERE pid = pg_backend_pid()"));
        String own = ":" + HexFormat.of().withUpperCase().toHexDigits((short) port) + " ";

        assertThat(sockets()).filteredOn(socket -> socket.contains(own)).anySatisfy(socket -> {
            assertThat(socket).contains(' ' + KEEPALIVE_TIMER);
            String timer = socket.substring(socket.indexOf(' ' + KEEPALIVE_TIMER) + 1 + KEEPALIVE_TIMER.length());
            assertThat(HexFormat.fromHexDigitsToLong(timer.substring(0, 8)))
                    .isLessThanOrEqualTo(SECONDS_UNTIL_PROBED * TICKS);
        });
    }

    private static List<String> sockets() throws IOException {
        List<String> sockets = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/tcp")));
        sockets.addAll(Files.readAllLines(Path.of("/proc/net/tcp6")));
        return sockets;
    }

    private static String one(String sql) {
        return Objects.requireNonNull(database.sql(sql)
                .map(row -> Objects.requireNonNull(row.get(0, String.class)))
                .one()
                .block());
    }
}
