package dev.paymaster.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTest {

    @Test
    void isDurableAndListensOnTheLoopbackInterfaceOnly() throws SQLException {
        Database database = EmbeddedDatabase.shared().paymaster();
        assertThat(query(database, "SHOW fsync")).isEqualTo("on");
        assertThat(query(database, "SHOW synchronous_commit")).isEqualTo("on");
        assertThat(query(database, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(query(database, "SHOW server_version_num")).startsWith("18");
    }

    @Test
    void keepsItsDataOverARestart(@TempDir Path data) throws SQLException {
        int port;
        try (EmbeddedDatabase database = EmbeddedDatabase.start(data, 0)) {
            port = database.port();
            update(database.paymaster(), "CREATE TABLE kept AS SELECT 42 AS answer");
        }
        try (EmbeddedDatabase database = EmbeddedDatabase.start(data, port)) {
            assertThat(query(database.paymaster(), "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void keepsWhatWasCommittedBeforeACrash(@TempDir Path data) throws SQLException {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(data, 0)) {
            update(database.paymaster(), "CREATE TABLE kept AS SELECT 42 AS answer");
            database.crash();
            assertThatThrownBy(() -> query(database.paymaster(), "SELECT 1")).isInstanceOf(SQLException.class);
            database.start();
            assertThat(query(database.paymaster(), "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    /** A session that doesn't end keeps a server from stopping by itself, as a recovery that has just begun may. */
    @Test
    void stopsAServerThatDoesNotStopByItself(@TempDir Path data) throws SQLException {
        EmbeddedDatabase database = EmbeddedDatabase.start(data, 0);
        try (database;
                Connection connection = database.paymaster().connect();
                Statement statement = connection.createStatement();
                ResultSet session = statement.executeQuery("SELECT pg_backend_pid()")) {
            update(database.paymaster(), "CREATE TABLE kept AS SELECT 42 AS answer");
            session.next();
            PostgresProgram.run(List.of("kill", "-STOP", session.getString(1)));

            database.restart();

            assertThat(query(database.paymaster(), "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void stopsTheServerThatAKilledProcessLeftBehind(@TempDir Path data) throws Exception {
        Path cluster = data.resolve("cluster");
        try (EmbeddedDatabase database = EmbeddedDatabase.start(data, 0)) {
            update(database.paymaster(), "CREATE TABLE kept AS SELECT 42 AS answer");
        }
        PostgresServer leftBehind = new PostgresServer(PostgresBinaries.unpacked(), cluster, data.resolve("old.log"));
        int oldPort = Ports.orFree(0);
        leftBehind.start(oldPort);

        try (EmbeddedDatabase database = EmbeddedDatabase.start(data, 0)) {
            assertThat(Ports.isFree(oldPort)).isTrue();
            assertThat(query(database.paymaster(), "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void freesThePortOfAServerThatWasLeftBehind(@TempDir Path data) {
        EmbeddedDatabase.start(data, 0).close();
        PostgresServer leftBehind =
                new PostgresServer(PostgresBinaries.unpacked(), data.resolve("cluster"), data.resolve("old.log"));
        int port = Ports.orFree(0);
        leftBehind.start(port);
        EmbeddedDatabase.stopLeftOver(data);
        assertThat(Ports.isFree(port)).isTrue();
        EmbeddedDatabase.stopLeftOver(data.resolve("missing"));
    }

    @Test
    void leavesAProcessAloneThatOnlyHasTheOldPid(@TempDir Path data) throws Exception {
        EmbeddedDatabase.start(data, 0).close();
        Process bystander = new ProcessBuilder("sleep", "60").start();
        Files.writeString(data.resolve("cluster/postmaster.pid"), bystander.pid() + "\n" + data + "\n");
        PostgresServer server = new PostgresServer(data, data.resolve("cluster"), data.resolve("postgresql.log"));
        try {
            server.stopLeftOver();
            assertThat(bystander.isAlive()).isTrue();
        } finally {
            bystander.destroy();
        }
    }

    @Test
    void refusesADirectoryInUse(@TempDir Path data) {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(data, 0)) {
            assertThatThrownBy(() -> EmbeddedDatabase.start(data, 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageEndingWith("is in use by this process");
            assertThat(Ports.isFree(database.port())).isFalse();
        }
    }

    @Test
    void namesABusyPort(@TempDir Path data) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedDatabase.start(data, taken.getLocalPort()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("port %d for PostgreSQL is in use", taken.getLocalPort());
        }
    }

    @Test
    void leavesNoServerBehindWhenItsFirstStartFails(@TempDir Path data) throws Exception {
        // Leads nowhere: the last file of the first start can't be written.
        Path ready = Files.createSymbolicLink(data.resolve("ready"), data.resolve("missing/ready"));
        int port = Ports.orFree(0);
        try {
            assertThatThrownBy(() -> EmbeddedDatabase.start(data, port)).hasMessageContaining("could not write");
            assertThat(Ports.isFree(port)).isTrue();
        } finally {
            EmbeddedDatabase.stopLeftOver(data);
        }
        Files.delete(ready);
        try (EmbeddedDatabase database = EmbeddedDatabase.start(data, port)) {
            assertThat(query(database.paymaster(), "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void makesFreshDatabasesWithTheServicesRoles() throws SQLException {
        Database first = EmbeddedDatabase.shared().createDatabase("first");
        update(first, "CREATE TABLE mine AS SELECT 1 AS one");
        Database again = EmbeddedDatabase.shared().createDatabase("first");
        assertThat(query(again, "SELECT to_regclass('mine') IS NULL")).isEqualTo("t");
        for (String user : Database.SERVICE_USERS) {
            try (Connection connection = DriverManager.getConnection(again.jdbcUrl(), user, Database.PASSWORD)) {
                assertThat(connection.isValid(1)).isTrue();
            }
        }
    }

    @Test
    void refusesAWrongPassword() {
        String url = EmbeddedDatabase.shared().jdbcUrl();
        assertThatThrownBy(() -> DriverManager.getConnection(url, Database.OWNER, "wrong"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
    }

    private static String query(Database database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void update(Database database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
