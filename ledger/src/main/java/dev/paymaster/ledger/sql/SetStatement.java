package dev.paymaster.ledger.sql;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.PreparedStatementCreator;

/**
 * A statement whose parameters are arrays, one per column, for {@code unnest} or {@code ANY}: a whole batch in one round
 * trip. For one thread.
 *
 * @param <T> what a row of the batch is
 */
public final class SetStatement<T> implements PreparedStatementCreator {
    private final String sql;
    private final Collection<T> rows;
    private final List<Column> columns = new ArrayList<>();

    /**
     * @param sql with one question mark per column, in the order in which the columns are added
     * @param rows in the order in which the arrays are to have them
     */
    public SetStatement(String sql, Collection<T> rows) {
        this.sql = sql;
        this.rows = rows;
    }

    /**
     * The next parameter: a column of whatever PostgreSQL can read from its text, nulls included. Of {@code uuid} the
     * values are {@link java.util.UUID}s, of {@code timestamptz} {@link java.time.Instant}s, of {@code text} Strings.
     *
     * @param type PostgreSQL's name of the array's elements
     */
    public SetStatement<T> with(String type, Function<T, @Nullable Object> value) {
        @Nullable
        Object[] values = type.equals("text") ? new @Nullable String[rows.size()] : new @Nullable Object[rows.size()];
        int i = 0;
        for (T row : rows) {
            values[i++] = value.apply(row);
        }
        columns.add(new Column(type, values));
        return this;
    }

    /** The next parameter: values of their own, however many rows there are. */
    public SetStatement<T> withAll(String type, Collection<?> values) {
        columns.add(new Column(type, values.toArray()));
        return this;
    }

    /** The next parameter: a column of numbers, which the driver sends in binary. */
    public SetStatement<T> withLongs(ToLongFunction<T> value) {
        columns.add(new Column("int8", rows.stream().mapToLong(value).boxed().toArray(Long[]::new)));
        return this;
    }

    /** The next parameter: a column of bytes. */
    public SetStatement<T> withBytes(Function<T, byte[]> value) {
        columns.add(new Column("bytea", rows.stream().map(value).toArray(byte[][]::new)));
        return this;
    }

    @Override
    public PreparedStatement createPreparedStatement(Connection connection) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < columns.size(); i++) {
            statement.setArray(i + 1, array(connection, columns.get(i)));
        }
        return statement;
    }

    /** The driver sends texts, numbers and bytes in binary; what it would send as text is worth more care. */
    private static Array array(Connection connection, Column column) throws SQLException {
        return switch (column.type()) {
            case "uuid" -> BinaryArray.ofUuids(connection, column.values());
            case "timestamptz" -> BinaryArray.ofInstants(connection, column.values());
            default -> connection.createArrayOf(column.type(), column.values());
        };
    }

    private record Column(String type, @Nullable Object[] values) {}
}
