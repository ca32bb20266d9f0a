package dev.paymaster.gateway.http;

import io.r2dbc.spi.Readable;
import java.util.Objects;

/** Reads columns that are never null. */
public final class Rows {
    private Rows() {}

    /**
     * A column of any type.
     *
     * @throws NullPointerException naming the column when it is null after all
     */
    public static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }

    /** A column of {@code bigint}. */
    public static long number(Readable row, String column) {
        return required(row, column, Long.class);
    }

    /** A column of {@code text}. */
    public static String text(Readable row, String column) {
        return required(row, column, String.class);
    }
}
