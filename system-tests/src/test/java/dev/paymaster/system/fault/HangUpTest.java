package dev.paymaster.system.fault;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.Database;
import dev.paymaster.system.process.Proxy;
import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Api;
import dev.paymaster.system.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People hang up while the database is silent, on a gateway of its own that has few connections. */
class HangUpTest implements Scenario {
    /** A JVM more, on a machine that may have other things to do. */
    private static final Duration START = Duration.ofMinutes(4);

    private static final int CONNECTIONS = 4;

    private final World world = World.forFaults();
    private final Proxy way = Proxy.start("PostgreSQL", List.of(world.database().port()));

    @TempDir
    Path directory;

    private ServiceProcess gateway;

    @Override
    public World world() {
        return world;
    }

    @BeforeEach
    void start() {
        gateway = ServiceProcess.startGateway(
                world,
                directory,
                way.port(),
                "--spring.r2dbc.pool.initial-size=" + CONNECTIONS,
                "--spring.r2dbc.pool.max-size=" + CONNECTIONS);
        eventually("a gateway").atMost(START).until(() -> gateway.probe("readiness") == 200);
    }

    @AfterEach
    void stop() {
        gateway.close();
        way.close();
    }

    /** Whoever comes next gets the connection on which the other's transaction was to begin. */
    @Test
    void whoComesAfterSomebodyWhoHungUpInATransactionIsNotPartOfIt() throws IOException {
        Api admin = new Api(gateway.url(), ServiceProcess.ADMIN_KEY);
        String user = newUser(admin);

        way.holdAnswers();
        try (Socket impatient =
                new Socket(InetAddress.getLoopbackAddress(), gateway.url().getPort())) {
            impatient.getOutputStream().write(request("POST", "/api/users/" + user + "/keys"));
            eventually("a transaction that has begun").until(() -> idleInTransaction() == 1);
        }
        eventually("nobody on the line").until(() -> gateway.metric("paymaster_http_in_hand") == 0);
        way.heal();
        List<String> next =
                Stream.generate(() -> newUser(admin)).limit(2 * CONNECTIONS).toList();

        assertThat(next).allMatch(this::exists);
    }

    private static String newUser(Api admin) {
        return admin.post("/api/users", "{\"name\": \"Hal\"}").expect(201).text("/user/id");
    }

    private static byte[] request(String method, String path) {
        return (method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                        + ServiceProcess.ADMIN_KEY + "\r\nIdempotency-Key: " + UUID.randomUUID()
                        + "\r\nContent-Length: 0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Of gateways, whose role alone may see it; that of the world is not called. */
    private int idleInTransaction() {
        try (Connection connection = DriverManager.getConnection(
                        world.database().jdbcUrl(), "paymaster_gateway", Database.PASSWORD);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND application_name = 'gateway' AND state = 'idle in transaction'")) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean exists(String user) {
        try (Connection connection = world.database().connect();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT 1 FROM identity.app_user WHERE id = ?::uuid")) {
            statement.setString(1, user);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
