package dev.paymaster.gateway.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list, newest first.
 *
 * @param nextCursor what to pass as {@code cursor} for the next page; null: this is the last
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Page<T>(List<T> data, @Nullable String nextCursor) {

    /**
     * A page of the rows that were found.
     *
     * @param found one row more than asked for, if there are that many
     */
    public static <T> Page<T> of(List<T> found, PageRequest request, Function<T, String> cursor) {
        if (found.size() <= request.limit()) {
            return new Page<>(found, null);
        }
        List<T> shown = found.subList(0, request.limit());
        return new Page<>(shown, cursor.apply(shown.getLast()));
    }
}
