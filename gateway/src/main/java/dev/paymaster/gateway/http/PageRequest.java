package dev.paymaster.gateway.http;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * Which page of a list is wanted.
 *
 * @param limit rows, 1 to {@value #MAX_LIMIT}
 * @param cursor where the page before ended; null: from the newest
 */
public record PageRequest(int limit, @Nullable String cursor) {
    private static final int DEFAULT_LIMIT = 20;
    static final int MAX_LIMIT = 100;

    /**
     * Reads {@code limit} and {@code cursor}.
     *
     * @throws Problem 400 for a limit out of range
     */
    public static PageRequest of(MultiValueMap<String, String> query) {
        String limit = query.getFirst("limit");
        return new PageRequest(limit == null ? DEFAULT_LIMIT : limit(limit), query.getFirst("cursor"));
    }

    /** Rows to ask for: one more than shown tells whether there is a next page. */
    public int toFetch() {
        return limit + 1;
    }

    /**
     * The cursor of a list in order of ids; null: from the newest.
     *
     * @throws Problem 400 when it was not made here
     */
    public @Nullable UUID idCursor() {
        try {
            return cursor == null ? null : StrictText.uuid(cursor);
        } catch (IllegalArgumentException e) {
            throw badCursor();
        }
    }

    /**
     * The cursor of a list in order of numbers; the largest: from the newest.
     *
     * @throws Problem 400 when it was not made here
     */
    public long numberCursor() {
        try {
            return cursor == null ? Long.MAX_VALUE : Long.parseLong(cursor);
        } catch (NumberFormatException e) {
            throw badCursor();
        }
    }

    private static Problem badCursor() {
        return Problem.invalidField("cursor", "cursor is not one that a page of this list gave");
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (Integer.toString(limit).equals(text) && limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException e) {
            throw badLimit();
        }
        throw badLimit();
    }

    private static Problem badLimit() {
        return Problem.invalidField("limit", "limit takes a whole number from 1 to " + MAX_LIMIT);
    }
}
