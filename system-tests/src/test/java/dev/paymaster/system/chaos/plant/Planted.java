package dev.paymaster.system.chaos.plant;

import dev.paymaster.events.Envelope;
import dev.paymaster.messaging.outbox.Outgoing;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import reactor.core.publisher.Mono;

/** What planted bugs do. Public, because it is called from where they are planted. */
public final class Planted {
    /** Wide enough that a kill falls into it. */
    private static final Duration BETWEEN_OFFSET_AND_EFFECT = Duration.ofMillis(800);

    /** Wide enough that somebody else comes in between. */
    private static final Duration BETWEEN_READ_AND_WRITE = Duration.ofMillis(60);

    /** Long enough for a later batch to overtake. */
    private static final Duration OF_A_SLOW_BATCH = Duration.ofMillis(400);

    private static final AtomicInteger BATCHES = new AtomicInteger();
    private static final ThreadLocal<Boolean> BESIDE = ThreadLocal.withInitial(() -> false);
    private static final Object CURSOR = new Object();
    private static String last = "";

    private Planted() {}

    /** Nobody waits for what is still under way. */
    public static Mono<Void> atOnce(Mono<Void> confirmed) {
        return Mono.fromRunnable(() -> confirmed.onErrorComplete().subscribe());
    }

    /**
     * Calls a method on another thread, where the caller's transaction isn't.
     *
     * @return whether the method has been called; false in that call itself
     */
    public static boolean inATransactionOfItsOwn(Object store, Method advance, List<?> progress) {
        if (BESIDE.get()) {
            return false;
        }
        try (ExecutorService beside = Executors.newSingleThreadExecutor()) {
            beside.submit(() -> {
                        BESIDE.set(true);
                        advance.setAccessible(true);
                        return advance.invoke(store, progress);
                    })
                    .get();
        } catch (ExecutionException e) {
            Throwable cause =
                    e.getCause() instanceof InvocationTargetException failed ? failed.getCause() : e.getCause();
            throw cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        LockSupport.parkNanos(BETWEEN_OFFSET_AND_EFFECT.toNanos());
        return true;
    }

    /** {@code WHERE id > last ORDER BY id}, in memory; every other batch is one of a long transaction. */
    public static List<Outgoing> beyondTheLast(List<Outgoing> records) {
        if (BATCHES.getAndIncrement() % 2 == 0) {
            LockSupport.parkNanos(OF_A_SLOW_BATCH.toNanos());
        }
        synchronized (CURSOR) {
            List<Outgoing> beyond = new ArrayList<>();
            String largest = last;
            for (Outgoing record : records) {
                String id = String.valueOf(record.header(Envelope.HEADER_ID));
                if (id.compareTo(last) > 0) {
                    beyond.add(record);
                }
                largest = id.compareTo(largest) > 0 ? id : largest;
            }
            last = largest;
            return beyond;
        }
    }

    /**
     * Reads accounts without a lock, writes them a while later, and numbers transfers by what is there then: as it would be
     * written by whoever hasn't thought of others.
     */
    public static String withoutLocks(String sql) {
        if (sql.contains("UPDATE ledger.account")) {
            LockSupport.parkNanos(BETWEEN_READ_AND_WRITE.toNanos());
        }
        if (sql.contains("INSERT INTO ledger.transfer")) {
            return sql.replace("SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", """
                    SELECT n.user_id, (SELECT coalesce(max(t.sequence), 0) FROM ledger.transfer t WHERE t.user_id = n.user_id)
                               + row_number() OVER (PARTITION BY n.user_id ORDER BY n.sequence),
                           n.kind, n.amount, n.lot_id, n.job_id, n.ref, n.available_after, n.held_after, n.debt_after,
                           n.recorded_at
                    FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS n (user_id, sequence, kind, amount, lot_id, job_id, ref,
                               available_after, held_after, debt_after, recorded_at)""");
        }
        return sql.contains("FROM ledger.account") ? sql.replace("FOR UPDATE", "") : sql;
    }
}
