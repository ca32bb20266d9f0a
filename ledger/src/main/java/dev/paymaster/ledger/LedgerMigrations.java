package dev.paymaster.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

/** Brings schema {@code ledger} up to date. */
public final class LedgerMigrations {
    private static final String SCHEMA = "ledger";

    private LedgerMigrations() {}

    /**
     * Migrates the ledger through the data source of a service's own Flyway, with a history of its own. Several
     * services do so when they start; they wait for each other.
     *
     * @throws org.flywaydb.core.api.FlywayException when a migration fails or has been tampered with
     */
    public static void migrate(Flyway serviceFlyway) {
        DataSource owner = serviceFlyway.getConfiguration().getDataSource();
        Flyway ledger = Flyway.configure(serviceFlyway.getConfiguration().getClassLoader())
                .dataSource(owner)
                .schemas(SCHEMA)
                .defaultSchema(SCHEMA)
                .locations("classpath:db/ledger")
                .lockRetryCount(serviceFlyway.getConfiguration().getLockRetryCount())
                .load();
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            // Flyway locks its history only once that exists; this lock also covers the making of the schema.
            statement.execute("SELECT pg_advisory_lock(hashtext('ledger'))");
            try {
                ledger.migrate();
            } finally {
                statement.execute("SELECT pg_advisory_unlock(hashtext('ledger'))");
            }
        } catch (SQLException e) {
            throw new CannotGetJdbcConnectionException("the ledger cannot be migrated", e);
        }
    }
}
