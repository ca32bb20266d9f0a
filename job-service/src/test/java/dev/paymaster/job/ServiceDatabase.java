package dev.paymaster.job;

import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedDatabase;
import dev.paymaster.ledger.Grant;
import dev.paymaster.ledger.Ledger;
import dev.paymaster.ledger.LedgerMigrations;
import dev.paymaster.ledger.LedgerScope;
import dev.paymaster.messaging.Ids;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** A fresh database, seen as the service sees it: with its own role and no more rights. */
final class ServiceDatabase {
    private final Database database;
    private final DataSource dataSource;

    private ServiceDatabase(Database database) {
        this.database = database;
        this.dataSource = new DriverManagerDataSource(
                database.jdbcUrl() + "?currentSchema=jobs", "paymaster_job", Database.PASSWORD);
    }

    /** Empty: the service has yet to migrate it. */
    static ServiceDatabase create(String name) {
        return new ServiceDatabase(EmbeddedDatabase.shared().createDatabase(name));
    }

    /** Migrated as the service would. */
    static ServiceDatabase migrated(String name) {
        ServiceDatabase created = create(name);
        Flyway flyway = Flyway.configure()
                .dataSource(created.database.jdbcUrl(), created.database.ownerUser(), created.database.ownerPassword())
                .schemas("jobs")
                .defaultSchema("jobs")
                .locations("classpath:db/messaging", "classpath:db/jobs")
                .placeholders(java.util.Map.of("role", "paymaster_job"))
                .load();
        flyway.migrate();
        LedgerMigrations.migrate(flyway);
        return created;
    }

    Database address() {
        return database;
    }

    DataSource dataSource() {
        return dataSource;
    }

    JdbcTemplate jdbc() {
        return new JdbcTemplate(dataSource);
    }

    TransactionTemplate transactions() {
        return new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    }

    /** The database as the gateway sees it. */
    JdbcTemplate asGateway() {
        return new JdbcTemplate(
                new DriverManagerDataSource(database.jdbcUrl(), "paymaster_gateway", Database.PASSWORD));
    }

    /** Credits that somebody has bought. */
    void give(UUID user, long amount) {
        Ledger ledger = new Ledger(jdbc(), Ids.timeOrdered()::next);
        String source = "test:" + UUID.randomUUID();
        transactions().executeWithoutResult(_ -> {
            var batch = ledger.open(new LedgerScope(Set.of(user), Set.of(), Set.of(source)));
            batch.grant(user, new Grant("manual", source, amount, null, null, 0), Instant.now());
            batch.save();
        });
    }

    /** {@code available/held/debt}, or {@code none} without an account. */
    String balance(UUID user) {
        return asGateway()
                .queryForList(
                        "SELECT concat_ws('/', available, held, debt) FROM api.balance WHERE user_id = ?",
                        String.class,
                        user)
                .stream()
                .findFirst()
                .orElse("none");
    }
}
