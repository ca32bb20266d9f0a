package dev.paymaster.stripesandbox.state;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The documents of one kind, in the order in which they were first put. Not thread-safe: the store locks. */
final class Table {
    private final Kind kind;
    private final Map<String, Long> positions = new HashMap<>();
    private final NavigableMap<Long, ObjectNode> documents = new TreeMap<>();
    /** By pointer, then by value: the positions of the documents that hold it. */
    private final Map<String, Map<String, NavigableSet<Long>>> indexes = new HashMap<>();

    private long nextPosition;

    Table(Kind kind) {
        this.kind = kind;
        kind.indexes().forEach(pointer -> indexes.put(pointer, new HashMap<>()));
    }

    @Nullable
    ObjectNode find(String id) {
        Long position = positions.get(id);
        return position == null ? null : documents.get(position);
    }

    void put(String id, ObjectNode document) {
        Long known = positions.get(id);
        long position = known == null ? nextPosition++ : known;
        ObjectNode previous = documents.put(position, document);
        positions.put(id, position);
        if (previous != null) {
            unindex(position, previous);
        }
        index(position, document);
    }

    void remove(String id) {
        Long position = positions.remove(id);
        if (position != null) {
            unindex(position, Objects.requireNonNull(documents.remove(position)));
        }
    }

    int size() {
        return documents.size();
    }

    Collection<ObjectNode> oldestFirst() {
        return documents.values();
    }

    /** Documents created before a position, newest first. */
    Stream<ObjectNode> newestBelow(Filter filter, long position) {
        return filter instanceof Filter.Field field
                ? found(field).headSet(position, false).descendingSet().stream().map(this::at)
                : documents.headMap(position, false).descendingMap().values().stream();
    }

    /** Documents created after a position, oldest first. */
    Stream<ObjectNode> oldestAbove(Filter filter, long position) {
        return filter instanceof Filter.Field field
                ? found(field).tailSet(position, false).stream().map(this::at)
                : documents.tailMap(position, false).values().stream();
    }

    /** The position of a document in the order of creation, for cursors; null if there is none of that id. */
    @Nullable
    Long position(String id) {
        return positions.get(id);
    }

    /** Removes the oldest documents until at most {@code limit} are left, and returns their ids. */
    Collection<String> trimTo(int limit) {
        Collection<String> removed = new TreeSet<>();
        Iterator<ObjectNode> oldest = documents.values().iterator();
        for (int surplus = size() - limit; surplus > 0; surplus--) {
            removed.add(Json.require(oldest.next(), "id"));
        }
        removed.forEach(this::remove);
        return removed;
    }

    private NavigableSet<Long> found(Filter.Field field) {
        return Objects.requireNonNull(indexes.get(field.pointer()), () -> kind + " has no index on " + field.pointer())
                .getOrDefault(field.value(), Collections.emptyNavigableSet());
    }

    private ObjectNode at(long position) {
        return Objects.requireNonNull(documents.get(position));
    }

    private void index(long position, ObjectNode document) {
        indexes.forEach((pointer, index) -> {
            JsonNode value = document.at(pointer);
            if (value.isString()) {
                index.computeIfAbsent(value.stringValue(), any -> new TreeSet<>())
                        .add(position);
            }
        });
    }

    private void unindex(long position, ObjectNode document) {
        indexes.forEach((pointer, index) -> {
            JsonNode value = document.at(pointer);
            if (value.isString()) {
                index.computeIfPresent(value.stringValue(), (any, found) -> {
                    found.remove(position);
                    return found.isEmpty() ? null : found;
                });
            }
        });
    }
}
