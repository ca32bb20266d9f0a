package dev.paymaster.stripesandbox.state;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * All state, as documents in tables. Everything that reads or changes it runs inside {@link #transact}, which holds the
 * one lock; nothing slow (no call, no sleep) may run in there.
 *
 * <p>A document is never changed after it was put: edit a {@code deepCopy()} and put that. So events may share the
 * documents they describe, and a document may be read after the lock was released.
 */
public final class Store implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Kind, Table> tables = new EnumMap<>(Kind.class);
    private final @Nullable Journal journal;

    /** A store that forgets everything when the process ends. */
    public Store() {
        this(null);
    }

    /** A store that reads what the journal remembers, and writes every change to it before the change is answered. */
    public Store(@Nullable Journal journal) {
        this.journal = journal;
        for (Kind kind : Kind.values()) {
            tables.put(kind, new Table(kind));
        }
        if (journal != null) {
            journal.open(tables);
        }
    }

    /** Runs {@code work} alone; what it put or removed is in the journal, as one entry, when this returns. */
    public <T extends @Nullable Object> T transact(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            try {
                if (journal != null && lock.getHoldCount() == 1) {
                    journal.commit(tables);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    public void transact(Runnable work) {
        transact(() -> {
            work.run();
            return true;
        });
    }

    public @Nullable ObjectNode find(Kind kind, String id) {
        return table(kind).find(id);
    }

    /** A document that must be there because another document names it. */
    public ObjectNode get(Kind kind, String id) {
        return Objects.requireNonNull(find(kind, id), () -> "No " + kind.object() + " " + id);
    }

    /** Stores the document under its {@code id}. The caller gives it away: it must not be changed any more. */
    public void put(Kind kind, ObjectNode document) {
        String id = Json.require(document, "id");
        table(kind).put(id, document);
        if (journal != null) {
            journal.put(kind, document);
        }
    }

    public void remove(Kind kind, String id) {
        table(kind).remove(id);
        if (journal != null) {
            journal.remove(kind, id);
        }
    }

    public Stream<ObjectNode> newestFirst(Kind kind) {
        return newestBelow(kind, Filter.ALL, Long.MAX_VALUE);
    }

    public Stream<ObjectNode> newestFirst(Kind kind, Filter filter) {
        return newestBelow(kind, filter, Long.MAX_VALUE);
    }

    /** Documents created before the one at {@code position}, newest first. */
    public Stream<ObjectNode> newestBelow(Kind kind, Filter filter, long position) {
        return table(kind).newestBelow(filter, position);
    }

    /** Documents created after the one at {@code position}, oldest first. */
    public Stream<ObjectNode> oldestAbove(Kind kind, Filter filter, long position) {
        return table(kind).oldestAbove(filter, position);
    }

    public Stream<ObjectNode> oldestFirst(Kind kind) {
        return table(kind).oldestFirst().stream();
    }

    /** Where a document stands in the order of creation; null if there is none of that id. */
    public @Nullable Long position(Kind kind, String id) {
        return table(kind).position(id);
    }

    public int size(Kind kind) {
        return table(kind).size();
    }

    /** Forgets the oldest documents of a kind beyond {@code limit}. */
    public void trim(Kind kind, int limit) {
        if (size(kind) > limit) {
            for (String id : table(kind).trimTo(limit)) {
                if (journal != null) {
                    journal.remove(kind, id);
                }
            }
        }
    }

    /** Forgets everything but these kinds. */
    public void clear(Set<Kind> kept) {
        for (Kind kind : Kind.values()) {
            if (!kept.contains(kind)) {
                tables.put(kind, new Table(kind));
            }
        }
        if (journal != null) {
            journal.compact(tables);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (journal != null) {
                journal.close(tables);
            }
        } finally {
            lock.unlock();
        }
    }

    private Table table(Kind kind) {
        return Objects.requireNonNull(tables.get(kind));
    }
}
