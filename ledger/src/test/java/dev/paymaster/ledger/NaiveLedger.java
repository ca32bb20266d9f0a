package dev.paymaster.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The ledger of one user as one would explain it: credit by credit, without transfers. */
final class NaiveLedger {
    /** A single credit's home; {@code left} counts the credits that are in it. */
    static final class Purse {
        final String source;
        final int age;

        @Nullable
        Instant expiresAt;

        long left;
        long taken;
        Instant takenSince = Instant.MIN;

        Purse(String source, int age, long left, @Nullable Instant expiresAt) {
            this.source = source;
            this.age = age;
            this.left = left;
            this.expiresAt = expiresAt;
        }

        void revoked(Instant now) {
            taken++;
            takenSince = now;
        }

        void owed(Instant now) {
            if (taken++ == 0) {
                takenSince = now;
            }
        }

        /** What is alone gets its time back; what lay there when the time was over is gone. */
        void returned(long credits, long held, Instant now) {
            left = hasTime(now) ? left : credits;
            if (expiresAt != null && left == credits && held < credits && now.isAfter(takenSince)) {
                expiresAt = expiresAt.plus(Duration.between(takenSince, now));
            }
            takenSince = now;
        }

        boolean open(Instant now) {
            return left > 0 && hasTime(now);
        }

        boolean hasTime(Instant now) {
            return expiresAt == null || expiresAt.isAfter(now);
        }
    }

    final List<Purse> purses = new ArrayList<>();
    final Map<UUID, List<Purse>> held = new HashMap<>();
    private final Set<String> sources = new HashSet<>();
    long debt;

    long available() {
        return purses.stream().mapToLong(purse -> purse.left).sum();
    }

    long heldCredits() {
        return held.values().stream().mapToLong(List::size).sum();
    }

    void grant(String source, long amount, @Nullable Instant expiresAt, Instant now) {
        if (sources.add(source)) {
            Purse purse = new Purse(source, purses.size(), 0, expiresAt);
            purses.add(purse);
            for (long i = 0; i < amount; i++) {
                putBack(purse, now);
            }
        }
    }

    boolean hold(UUID job, long amount, Instant now) {
        if (debt > 0
                || purses.stream()
                                .filter(p -> p.open(now))
                                .mapToLong(p -> p.left)
                                .sum()
                        < amount) {
            return false;
        }
        List<Purse> taken = new ArrayList<>();
        for (long i = 0; i < amount; i++) {
            taken.add(take(purse -> purse.open(now)).orElseThrow());
        }
        held.put(job, taken);
        return true;
    }

    void capture(UUID job) {
        held.remove(job);
    }

    void release(UUID job, Instant now) {
        List<Purse> taken = held.remove(job);
        if (taken != null) {
            taken.forEach(purse -> putBack(purse, now));
        }
    }

    void revoke(@Nullable String source, long amount, Instant now) {
        for (long i = 0; i < amount; i++) {
            Optional<Purse> found = take(purse -> purse.left > 0 && purse.source.equals(source))
                    .or(() -> take(purse -> purse.open(now)));
            found.ifPresentOrElse(purse -> purse.revoked(now), () -> debt++);
        }
    }

    void reinstate(@Nullable String source, long amount, Instant now) {
        Map<Purse, Long> given = new HashMap<>();
        for (long i = 0; i < amount; i++) {
            if (debt > 0) {
                debt--;
            } else {
                Purse purse = next(p -> p.taken > 0 && p.source.equals(source))
                        .or(() -> next(p -> p.taken > 0 && p.hasTime(now)))
                        .or(() -> next(p -> p.taken > 0))
                        .orElseThrow();
                purse.taken--;
                purse.left++;
                given.merge(purse, 1L, Long::sum);
            }
        }
        given.forEach((purse, credits) -> purse.returned(
                credits,
                held.values().stream()
                        .flatMap(List::stream)
                        .filter(each -> each == purse)
                        .count(),
                now));
    }

    /** What was taken in all and may come back. */
    long reinstatable() {
        return debt + purses.stream().mapToLong(purse -> purse.taken).sum();
    }

    void expire(Instant now) {
        purses.stream().filter(purse -> !purse.hasTime(now)).forEach(purse -> purse.left = 0);
    }

    private void putBack(Purse purse, Instant now) {
        if (debt > 0) {
            debt--;
            purse.owed(now);
        } else {
            purse.left++;
        }
    }

    private Optional<Purse> next(Predicate<Purse> which) {
        return purses.stream()
                .filter(which)
                .min(Comparator.comparing((Purse p) -> p.expiresAt == null ? Instant.MAX : p.expiresAt)
                        .thenComparingInt(p -> p.age));
    }

    private Optional<Purse> take(Predicate<Purse> which) {
        Optional<Purse> next = next(which);
        next.ifPresent(purse -> purse.left--);
        return next;
    }
}
