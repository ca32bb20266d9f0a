package dev.paymaster.messaging;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.OffsetDateTime;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * What time it is when something is decided: of the database's clock, so that an instance whose own clock is wrong neither
 * lets anything lapse early nor keeps it too long. Thread-safe.
 */
@FunctionalInterface
public interface DecisionTime {
    /** Now; within a transaction, when that began. */
    Instant now();

    /** The database's own. */
    static DecisionTime of(JdbcOperations jdbc) {
        return () -> requireNonNull(jdbc.queryForObject("SELECT now()", OffsetDateTime.class), "SELECT returns a row")
                .toInstant();
    }
}
