package dev.paymaster.system.proof;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that holds for every row at rest.
 *
 * @param says the rule, in words
 * @param exceptions a query that finds what breaks it, one line of text per row
 */
public record Rule(String says, String exceptions) {
    /** Enough to see what is wrong; the count tells how much there is. */
    private static final int SHOWN = 5;

    /** Empty when the rule holds, else the rule with what breaks it. */
    public String broken(Connection connection) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(exceptions)) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return broken(says, found);
    }

    /** The same for what was found without a query. */
    public static String broken(String says, List<String> exceptions) {
        return exceptions.isEmpty()
                ? ""
                : "BROKEN: " + says + ". " + exceptions.size() + " exceptions, such as "
                        + exceptions.subList(0, Math.min(SHOWN, exceptions.size()));
    }
}
