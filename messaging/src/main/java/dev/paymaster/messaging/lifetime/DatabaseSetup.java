package dev.paymaster.messaging.lifetime;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Waits for the database, then migrates it, before anything consumes; by then, health can be asked for already. */
public final class DatabaseSetup implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseSetup.class);

    private static final String SCHEME = "jdbc:postgresql://";

    /** Another instance migrates for as long as it takes; by default, Flyway gives up after 50 seconds. */
    private static final int FOR_EVER = -1;

    private final Flyway flyway;
    private final Consumer<Flyway> migrations;
    private final String where;
    private final StartWaits waits;
    private volatile boolean done;

    /**
     * @param url of the database; of it, the log shows host, port and name
     * @param migrations what is done when the database is there; done again if it goes away meanwhile
     */
    public DatabaseSetup(Flyway flyway, Consumer<Flyway> migrations, String url, StartWaits waits) {
        this.flyway = Flyway.configure(flyway.getConfiguration().getClassLoader())
                .configuration(flyway.getConfiguration())
                .lockRetryCount(FOR_EVER)
                .load();
        this.migrations = migrations;
        this.where = "PostgreSQL at " + withoutSecrets(url);
        this.waits = waits;
    }

    @Override
    public void start() {
        while (!done && waits.until(where, this::connect)) {
            done = migrates();
        }
    }

    private void connect() throws SQLException {
        try (Connection connection = flyway.getConfiguration().getDataSource().getConnection()) {
            LOG.debug("connected to {}", connection.getMetaData().getDatabaseProductVersion());
        }
    }

    private boolean migrates() {
        try {
            waits.during(
                    "the migrations of " + where + ", here or by another instance", () -> migrations.accept(flyway));
            return true;
        } catch (RuntimeException e) {
            if (!isAway(e)) {
                throw e;
            }
            LOG.warn("{} went away during the migrations: {}", where, StartWaits.rootOf(e));
            LOG.debug("the failure", e);
            return false;
        }
    }

    /** SQLSTATE: 08 is the connection, 57P a server that stops or starts, 53300 one that takes no more connections. */
    private static boolean isAway(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String state = cause instanceof SQLException sql ? sql.getSQLState() : null;
            if (state != null && (state.startsWith("08") || state.startsWith("57P") || state.equals("53300"))) {
                return true;
            }
        }
        return false;
    }

    /** A URL's parameters may hold a password. */
    static String withoutSecrets(String url) {
        String address = url.startsWith(SCHEME) ? url.substring(SCHEME.length()) : url;
        int parameters = address.indexOf('?');
        return parameters < 0 ? address : address.substring(0, parameters);
    }

    @Override
    public void stop() {
        done = false;
    }

    @Override
    public boolean isRunning() {
        return done;
    }

    /** After the server that tells of health, and before the topics and all that consumes. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 1_200;
    }
}
