package dev.paymaster.system.bench;

import dev.paymaster.embedded.Database;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The reference's tables: the same scripts, and the same credits. */
final class PlainJobTables {
    private static final List<String> CREDITS = List.of("ledger.account", "ledger.lot", "ledger.transfer");

    private PlainJobTables() {}

    static void copy(Database from, Database to) {
        Migrations.migrate(to, "jobs", "paymaster_job");
        try (Connection source = from.connect();
                Connection target = to.connect()) {
            for (String table : CREDITS) {
                copy(source, target, table);
            }
            try (Statement statement = target.createStatement()) {
                statement.execute("ANALYZE");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the senders' credits can't be copied", e);
        }
    }

    /** As PostgreSQL writes a whole row as text and reads it again. */
    private static void copy(Connection source, Connection target, String table) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet all = statement.executeQuery("SELECT array_agg(t::text) FROM " + table + " AS t");
                PreparedStatement insert = target.prepareStatement("INSERT INTO " + table + " SELECT (row::" + table
                        + ").* FROM unnest(?::text[]) AS rows (row)")) {
            all.next();
            Array rows = all.getArray(1);
            insert.setArray(1, target.createArrayOf("text", (Object[]) rows.getArray()));
            insert.executeUpdate();
        }
    }
}
