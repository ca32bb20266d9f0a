package dev.paymaster.payout;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedDatabase;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;

/** What a test asks of a database, over connections that stay open: it asks often. */
public final class Sql {
    private static final String ROLE = "paymaster_payout";

    private Sql() {}

    /** A new database with the schema of payouts. */
    public static Database migrated(String name) {
        Database database = EmbeddedDatabase.shared().createDatabase(name);
        Flyway.configure()
                .dataSource(database.jdbcUrl(), database.ownerUser(), database.ownerPassword())
                .schemas("payouts")
                .defaultSchema("payouts")
                .locations("classpath:db/messaging", "classpath:db/payouts")
                .placeholders(Map.of("role", ROLE))
                .load()
                .migrate();
        return database;
    }

    /** With the service's own rights. */
    public static JdbcTemplate asWorker(Database database) {
        return as(ROLE, database);
    }

    public static JdbcTemplate asOwner(Database database) {
        return as(database.ownerUser(), database);
    }

    public static JdbcTemplate as(String user, Database database) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.jdbcUrl());
        config.setUsername(user);
        config.setPassword(Database.PASSWORD);
        config.setMinimumIdle(1);
        return new JdbcTemplate(new HikariDataSource(config));
    }
}
