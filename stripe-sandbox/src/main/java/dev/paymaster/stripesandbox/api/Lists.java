package dev.paymaster.stripesandbox.api;

import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Stripe's lists: newest first, by cursor. */
public final class Lists {
    private static final int DEFAULT_LIMIT = 10;

    private final Store store;

    public Lists(Store store) {
        this.store = store;
    }

    public ObjectNode page(Call call, String url, Kind kind, Filter filter) {
        return page(call, url, kind, filter, document -> true);
    }

    /** A page of the documents that pass {@code condition}; {@code filter} only makes finding them cheap. */
    public ObjectNode page(Call call, String url, Kind kind, Filter filter, Predicate<ObjectNode> condition) {
        int limit = (int) call.integer("limit", DEFAULT_LIMIT);
        Long before = position(call, "ending_before", kind);
        Long after = position(call, "starting_after", kind);
        Stream<ObjectNode> documents = before != null
                ? store.oldestAbove(kind, filter, before)
                : store.newestBelow(kind, filter, after == null ? Long.MAX_VALUE : after);
        List<ObjectNode> found = documents.filter(condition).limit(limit + 1L).toList();
        List<ObjectNode> page = found.size() > limit ? found.subList(0, limit) : found;
        return of(before == null ? page : page.reversed(), found.size() > limit, url);
    }

    /** A list object that holds these elements. */
    public static ObjectNode of(List<ObjectNode> data, boolean hasMore, String url) {
        ObjectNode list = Json.object().put("object", "list");
        list.putArray("data").addAll(data);
        return list.put("has_more", hasMore).put("url", url);
    }

    /** Whether a document was created within the call's {@code created} range, if it gave one. */
    public static boolean created(Call call, JsonNode document) {
        JsonNode range = call.get("created");
        if (range.isMissingNode()) {
            return true;
        }
        long created = document.required("created").longValue();
        if (range.isNumber()) {
            return created == range.longValue();
        }
        return created > range.path("gt").asLong(-1)
                && created >= range.path("gte").asLong(0)
                && created < range.path("lt").asLong(Long.MAX_VALUE)
                && created <= range.path("lte").asLong(Long.MAX_VALUE);
    }

    private @Nullable Long position(Call call, String parameter, Kind kind) {
        String cursor = call.text(parameter);
        if (cursor == null) {
            return null;
        }
        Long position = store.position(kind, cursor);
        if (position == null) {
            throw StripeRefusal.missing(kind.object(), cursor, parameter);
        }
        return position;
    }
}
