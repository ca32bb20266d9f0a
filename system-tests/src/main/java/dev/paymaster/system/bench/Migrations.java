package dev.paymaster.system.bench;

import dev.paymaster.embedded.Database;
import dev.paymaster.ledger.LedgerMigrations;
import java.util.Map;
import org.flywaydb.core.Flyway;

/** Makes the services' tables in another database, by the services' own scripts. */
final class Migrations {
    private Migrations() {}

    /** The tables of one worker, and the ledger's. */
    static void migrate(Database database, String schema, String role) {
        Flyway flyway = Flyway.configure()
                .dataSource(database.jdbcUrl(), database.ownerUser(), database.ownerPassword())
                .schemas(schema)
                .defaultSchema(schema)
                .locations("classpath:db/messaging", "classpath:db/" + schema)
                .placeholders(Map.of("role", role))
                .load();
        flyway.migrate();
        LedgerMigrations.migrate(flyway);
    }
}
