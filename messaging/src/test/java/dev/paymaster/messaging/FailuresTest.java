package dev.paymaster.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.IncorrectResultSizeDataAccessException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

class FailuresTest {
    @ParameterizedTest
    @MethodSource
    void isARecordsFault(RuntimeException failure) {
        assertThat(Failures.isFaultOfRecord(failure)).isTrue();
    }

    static RuntimeException[] isARecordsFault() {
        return new RuntimeException[] {
            new IllegalStateException("a bug of the handler"),
            new DataIntegrityViolationException("taken", new SQLException("duplicate key", "23505")),
            new UncategorizedSQLException("insert", null, new SQLException("index row too large", "54000")),
            new UncategorizedSQLException("upsert", null, new SQLException("one row a second time", "21000")),
            // Bugs of the handler's that Spring's JDBC finds, not the database.
            new IncorrectResultSizeDataAccessException(1),
            new InvalidDataAccessApiUsageException("no parameters")
        };
    }

    @ParameterizedTest
    @MethodSource
    void isAnOutage(RuntimeException failure) {
        assertThat(Failures.isFaultOfRecord(failure)).isFalse();
    }

    static RuntimeException[] isAnOutage() {
        return new RuntimeException[] {
            new CannotCreateTransactionException("no connection"),
            new TransactionSystemException("no answer to COMMIT"),
            new DataAccessResourceFailureException("gone"),
            new TransientDataAccessResourceException("busy"),
            new CannotAcquireLockException("deadlock", new SQLException("deadlock detected", "40P01")),
            new UncategorizedSQLException("insert", null, new SQLException("disk full", "53100")),
            new UncategorizedSQLException("insert", null, new SQLException("permission denied", "42501")),
            new KafkaException("no broker"),
            new FencedException(2, 1)
        };
    }
}
