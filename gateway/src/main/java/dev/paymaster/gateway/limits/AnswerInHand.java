package dev.paymaster.gateway.limits;

import dev.paymaster.gateway.http.Problem;
import io.r2dbc.spi.Readable;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * How much of one answer is in hand: first the rows that it is made of, then its own bytes, until the client has taken the last
 * of them. It is taken from {@link BytesInHand} before it is read or written. Thread-safe.
 */
public final class AnswerInHand {
    /** As many of these as there may be requests come to some MiB; they don't count, and are answered whatever else is in hand. */
    private static final int SMALL = 16 << 10;

    /** What an answer may be larger than the outcome that it is made of. */
    private static final int WRAPPING = 4 << 10;

    private final BytesInHand all;
    private final Runnable onFull;
    private @Nullable UUID caller;
    private long rows;
    private int taken;
    private boolean ended;

    AnswerInHand(BytesInHand all, Runnable onFull) {
        this.all = all;
        this.onFull = onFull;
    }

    /**
     * The rows of a statement that may be large. Each is made something of only if there is room for it, else they end with a
     * {@link Problem} 503.
     *
     * @param bytes how many each will have
     */
    public static <T> Flux<T> rows(
            DatabaseClient.GenericExecuteSpec statement, ToLongFunction<Readable> bytes, Function<Readable, T> made) {
        return Flux.deferContextual(context -> {
            AnswerInHand answer = of(context);
            return statement
                    .map(row -> {
                        if (answer != null) {
                            answer.addRow(bytes.applyAsLong(row));
                        }
                        return made.apply(row);
                    })
                    .all();
        });
    }

    /** Takes room for an answer that is about to be made of an outcome; false when there is none. */
    public static Mono<Boolean> hasRoomFor(int bytes) {
        return Mono.deferContextual(context -> {
            AnswerInHand answer = of(context);
            try {
                if (answer != null) {
                    answer.become(bytes + WRAPPING);
                }
                return Mono.just(true);
            } catch (Problem full) {
                return Mono.just(false);
            }
        });
    }

    private static @Nullable AnswerInHand of(ContextView context) {
        return context.<AnswerInHand>getOrEmpty(AnswerInHand.class).orElse(null);
    }

    /** Whose answer is being made: all large ones of one caller together have a quarter of the room, and always one of them. */
    public static void isFor(UUID caller, ContextView context) {
        AnswerInHand answer = of(context);
        if (answer != null) {
            answer.belongTo(caller);
        }
    }

    private synchronized void belongTo(UUID who) {
        become(0);
        caller = who;
    }

    /** Whatever is done for the request finds it there. */
    Context in(Context context) {
        return context.put(AnswerInHand.class, this);
    }

    private synchronized void addRow(long bytes) {
        rows += bytes;
        become(Math.toIntExact(rows));
    }

    /**
     * It has this size now, in place of any before.
     *
     * @throws Problem 503 if there is no room for it
     */
    synchronized void become(int bytes) {
        int needed = ended || bytes <= SMALL ? 0 : bytes;
        if (needed > taken) {
            try {
                all.take(needed - taken, needed, needed > BytesInHand.LARGE, caller);
            } catch (Problem full) {
                onFull.run();
                throw full;
            }
        } else {
            all.giveBack(taken - needed, caller);
        }
        taken = needed;
    }

    synchronized void end() {
        become(0);
        ended = true;
    }
}
