package dev.paymaster.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * One PostgreSQL 18 server beside this JVM, on 127.0.0.1, keeping its data in a directory, with {@code fsync} and
 * {@code synchronous_commit} on. It has the database {@code paymaster}, the role that owns it, and the login roles of the
 * four services (see {@link Database}).
 *
 * <p>A server that an earlier process left running on the same directory (it was killed and could not stop it) is
 * stopped first; a directory that a live process uses is refused.
 *
 * <p>Limits: Linux (glibc) and macOS; as root only on a Linux that allows user namespaces. Whoever can reach the loopback
 * interface can log in, because the passwords are well known.
 *
 * <p>Thread-safe. A stopped server can be started again on the same data and port.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final DataDirectory directory;
    private final int port;
    private final PostgresServer server;
    private boolean running;

    private EmbeddedDatabase(DataDirectory directory, int port) {
        this.directory = directory;
        this.port = port;
        this.server = server(directory);
    }

    /**
     * Starts a server, and makes its cluster, database and roles if the directory is new. Returns when it takes
     * connections.
     *
     * @param port the port to listen on, 0 for a free one
     * @throws IllegalStateException in one line, when the directory is in use or the port is taken
     */
    public static EmbeddedDatabase start(Path dataDirectory, int port) {
        return open(DataDirectory.open(dataDirectory), port);
    }

    /** Starts a server on a free port whose data goes when it is closed, or when the JVM ends in order. */
    public static EmbeddedDatabase startTemporary() {
        DataDirectory.abandoned("database").forEach(EmbeddedDatabase::clear);
        EmbeddedDatabase database = open(DataDirectory.temporary("database"), 0);
        Runtime.getRuntime().addShutdownHook(new Thread(database::close, "embedded-database-close"));
        return database;
    }

    /** The one temporary server of this JVM, started when it is first asked for. Don't close it. */
    public static EmbeddedDatabase shared() {
        return Shared.DATABASE;
    }

    /**
     * Stops the server that a killed process left running on this directory, if there is one, and with it frees the port
     * that it listens on. {@link #start} does the same; this is for those who look at ports before.
     *
     * @throws IllegalStateException in one line, when a live process uses the directory
     */
    public static void stopLeftOver(Path dataDirectory) {
        if (Files.exists(dataDirectory)) {
            try (DataDirectory directory = DataDirectory.open(dataDirectory)) {
                server(directory).stopLeftOver();
            }
        }
    }

    private static void clear(DataDirectory abandoned) {
        server(abandoned).stopLeftOver();
        abandoned.close();
    }

    private static PostgresServer server(DataDirectory directory) {
        return new PostgresServer(
                PostgresBinaries.unpacked(), directory.resolve("cluster"), directory.resolve("postgresql.log"));
    }

    private static EmbeddedDatabase open(DataDirectory directory, int port) {
        try {
            EmbeddedDatabase database = new EmbeddedDatabase(directory, Ports.orFree(port));
            database.server.stopLeftOver();
            database.start();
            return database;
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** Starts a stopped server again on the same data and port; does nothing to one that runs. */
    public synchronized void start() {
        if (running) {
            return;
        }
        if (!Ports.isFree(port)) {
            throw new IllegalStateException("port " + port + " for PostgreSQL is in use");
        }
        try {
            startServer();
        } catch (RuntimeException e) {
            stopAfter(e);
            throw e;
        }
        running = true;
    }

    /** Stops the server in order and keeps its data; does nothing to one that is stopped. */
    public synchronized void stop() {
        server.stop();
        running = false;
    }

    /** Stops the server as a crash would: open transactions are lost, committed ones are not. */
    public synchronized void crash() {
        server.crash();
        running = false;
    }

    /** Stops the server if it runs and starts it on the same data and port. */
    public synchronized void restart() {
        stop();
        start();
    }

    /**
     * Makes a fresh, empty database with the same owner and rights, beside {@code paymaster}. One of that name is dropped
     * first, whoever is connected to it.
     *
     * @param name lower-case letters, digits and underscores, starting with a letter, at most 63
     */
    public Database createDatabase(String name) {
        if (!name.matches("[a-z][a-z0-9_]{0,62}")) {
            throw new IllegalArgumentException("not a database name: " + name);
        }
        execute(
                "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)",
                "CREATE DATABASE " + name + " OWNER " + Database.OWNER,
                "REVOKE ALL ON DATABASE " + name + " FROM PUBLIC",
                "GRANT CONNECT ON DATABASE " + name + " TO " + String.join(", ", Database.SERVICE_USERS));
        return new Database(HOST, port, name);
    }

    /** The database {@code paymaster}. */
    public Database paymaster() {
        return new Database(HOST, port, Database.OWNER);
    }

    public String host() {
        return HOST;
    }

    public int port() {
        return port;
    }

    public String database() {
        return paymaster().database();
    }

    public String jdbcUrl() {
        return paymaster().jdbcUrl();
    }

    public String ownerUser() {
        return Database.OWNER;
    }

    public String ownerPassword() {
        return Database.PASSWORD;
    }

    /** Stops the server for good. Closing again does nothing. */
    @Override
    public synchronized void close() {
        stop();
        directory.close();
    }

    private void startServer() {
        // Written last: a cluster without it was never finished and holds nothing.
        Path ready = directory.resolve("ready");
        if (Files.exists(ready)) {
            server.start(port);
        } else {
            initialise();
            server.start(port);
            createRoles();
            createDatabase(Database.OWNER);
            write(ready, "");
        }
    }

    /** Whoever is told that the start failed has nothing to stop. */
    private void stopAfter(RuntimeException failure) {
        try {
            server.stop();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private void initialise() {
        DataDirectory.delete(directory.resolve("cluster"));
        Path passwordFile = directory.resolve("password");
        write(passwordFile, Database.PASSWORD);
        server.initialise(passwordFile, !directory.isTemporary());
        try {
            Files.delete(passwordFile);
        } catch (IOException e) {
            throw new UncheckedIOException("could not delete " + passwordFile, e);
        }
    }

    private void createRoles() {
        execute("CREATE ROLE " + Database.OWNER + " LOGIN PASSWORD '" + Database.PASSWORD + "'");
        for (String user : Database.SERVICE_USERS) {
            execute("CREATE ROLE " + user + " LOGIN PASSWORD '" + Database.PASSWORD + "'");
        }
    }

    /** Runs each statement by itself as the superuser: databases can't be made inside a transaction. */
    private void execute(String... statements) {
        String url = new Database(HOST, port, "postgres").jdbcUrl();
        try (Connection connection = DriverManager.getConnection(url, "postgres", Database.PASSWORD);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL on port " + port + " refused " + List.of(statements), e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("could not write " + file, e);
        }
    }

    private static final class Shared {
        static final EmbeddedDatabase DATABASE = startTemporary();
    }
}
