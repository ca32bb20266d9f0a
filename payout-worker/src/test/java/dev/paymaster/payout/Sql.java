package dev.paymaster.payout;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.paymaster.embedded.Database;
import org.springframework.jdbc.core.JdbcTemplate;

/** What a test asks of a database, over connections that stay open: it asks often. */
public final class Sql {
    private Sql() {}

    public static JdbcTemplate as(String user, Database database) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.jdbcUrl());
        config.setUsername(user);
        config.setPassword(Database.PASSWORD);
        config.setMinimumIdle(1);
        return new JdbcTemplate(new HikariDataSource(config));
    }
}
