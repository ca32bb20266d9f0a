package dev.paymaster.system.house.planted;

import java.sql.Connection;
import java.sql.SQLException;

/** Looks pure, and asks the database. */
final class DecidesWithTheDatabase {
    private DecidesWithTheDatabase() {}

    static boolean isOpen(Connection connection) throws SQLException {
        return !connection.isClosed();
    }
}
