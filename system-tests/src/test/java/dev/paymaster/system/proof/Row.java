package dev.paymaster.system.proof;

import java.util.List;

/**
 * One line of a table.
 *
 * @param <S> what its steps are
 * @param says what it shows, as the documents say it
 */
public record Row<S>(String says, List<S> steps) {
    @SafeVarargs
    @SuppressWarnings("varargs") // List.of only copies them
    public static <S> Row<S> row(String says, S... steps) {
        return new Row<>(says, List.of(steps));
    }
}
