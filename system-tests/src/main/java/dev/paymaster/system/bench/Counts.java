package dev.paymaster.system.bench;

import dev.paymaster.embedded.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What has really been done, by the rows in a database. */
final class Counts {
    private final Database database;

    Counts(Database database) {
        this.database = database;
    }

    /** @throws IllegalStateException when a table, which may have a condition, has another number of rows */
    void require(String table, long expected) {
        long rows = of(table);
        if (rows != expected) {
            throw new IllegalStateException(table + " has " + rows + " rows instead of " + expected);
        }
    }

    long of(String table) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException("the rows of " + table + " can't be counted", e);
        }
    }
}
