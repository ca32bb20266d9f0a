package dev.paymaster.credit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedDatabase;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A database with a migrated schema {@code billing}, as credit-worker sees it: with its own role and no more rights. */
public final class BillingDatabase implements AutoCloseable {
    private final Database database;
    private final HikariDataSource pool;

    /** @param name of the database, which is new */
    public BillingDatabase(String name) {
        database = EmbeddedDatabase.shared().createDatabase(name);
        Flyway.configure()
                .dataSource(database.jdbcUrl(), database.ownerUser(), database.ownerPassword())
                .defaultSchema("billing")
                .locations("classpath:db/messaging", "classpath:db/billing")
                .placeholders(Map.of("role", "paymaster_credit"))
                .load()
                .migrate();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.jdbcUrl());
        config.setUsername("paymaster_credit");
        config.setPassword(Database.PASSWORD);
        config.setMaximumPoolSize(3);
        pool = new HikariDataSource(config);
    }

    /** Connections of the worker's role. */
    public HikariDataSource pool() {
        return pool;
    }

    /** The owner of the tables, who may do what a worker may not. */
    public JdbcTemplate asOwner() {
        return new JdbcTemplate(
                new DriverManagerDataSource(database.jdbcUrl(), database.ownerUser(), database.ownerPassword()));
    }

    @Override
    public void close() {
        pool.close();
    }
}
