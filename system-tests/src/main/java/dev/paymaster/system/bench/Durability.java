package dev.paymaster.system.bench;

import dev.paymaster.embedded.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** No figure counts that was measured on a database that may forget. */
final class Durability {
    private Durability() {}

    /** @throws IllegalStateException when COMMIT would return before its effects are on disk */
    static void require(Database database) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                try (ResultSet row = statement.executeQuery("SHOW " + setting)) {
                    if (!row.next() || !"on".equals(row.getString(1))) {
                        throw new IllegalStateException(setting + " is not on");
                    }
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the database's settings can't be read", e);
        }
    }
}
