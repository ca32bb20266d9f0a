package dev.paymaster.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedDatabase;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A database with a migrated ledger, and a ledger on it that logs in as a service does. */
final class TestDatabase implements AutoCloseable {
    /** As many as threads in the tests of concurrency, so that they meet in the database and not in the pool. */
    static final int CONNECTIONS = 8;

    final Database database;
    final HikariDataSource dataSource;
    final JdbcTemplate jdbc;
    final TransactionTemplate transaction;
    final Ledger ledger;
    private final AtomicLong ids = new AtomicLong();

    TestDatabase(String name) {
        database = EmbeddedDatabase.shared().createDatabase(name);
        LedgerMigrations.migrate(ownersFlyway());
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.jdbcUrl());
        config.setUsername("paymaster_job");
        config.setPassword(Database.PASSWORD);
        config.setMaximumPoolSize(CONNECTIONS);
        dataSource = new HikariDataSource(config);
        jdbc = new JdbcTemplate(dataSource);
        transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        ledger = new Ledger(jdbc, () -> new UUID(7, ids.incrementAndGet()));
    }

    Flyway ownersFlyway() {
        return Flyway.configure()
                .dataSource(database.jdbcUrl(), database.ownerUser(), database.ownerPassword())
                .load();
    }

    /** Runs one batch in one transaction and saves it. */
    <T> T batch(LedgerScope scope, Function<LedgerBatch, T> work) {
        Supplier<T> saved = () -> {
            LedgerBatch batch = ledger.open(scope);
            T result = work.apply(batch);
            batch.save();
            return result;
        };
        return Objects.requireNonNull(transaction.execute(status -> saved.get()));
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
