package dev.paymaster.messaging;

import java.sql.SQLException;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Tells whose fault a failure is. Only data that PostgreSQL will not take (SQLSTATE classes 21, 22, 23 and 54) and exceptions
 * of the handler's own code are a record's fault. All else is an outage: the database or Kafka is away, overloaded,
 * read-only, full or set up wrongly, and waiting is right, however long.
 */
public final class Failures {
    /**
     * 21: cardinality violation, one row twice in one statement, which two records can bring about that one alone doesn't; 22:
     * data exception; 23: integrity constraint violation; 54: program limit exceeded, a value that is too large.
     */
    private static final Set<String> CLASSES_OF_BAD_DATA = Set.of("21", "22", "23", "54");

    private Failures() {}

    static boolean isFaultOfRecord(RuntimeException failure) {
        if (failure instanceof FencedException || causeOf(failure, KafkaException.class) != null) {
            return false;
        }
        SQLException sql = causeOf(failure, SQLException.class);
        if (sql != null) {
            String state = sql.getSQLState();
            return state != null && state.length() == 5 && CLASSES_OF_BAD_DATA.contains(state.substring(0, 2));
        }
        return !isOutageWithoutSql(failure);
    }

    /** For the log: what PostgreSQL says in more lines has values of people's rows. */
    static String inOneLine(RuntimeException failure) {
        return firstLineOf(rootOf(failure));
    }

    /** For the log, of an outage: what could not be done, and why, in one line. */
    public static String withCause(Exception failure) {
        String what = firstLineOf(failure);
        return failure.getCause() == null ? what : what + ", by " + firstLineOf(rootOf(failure));
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static String firstLineOf(Throwable failure) {
        return failure.toString().lines().findFirst().orElse("");
    }

    /** Spring reports a connection that can't be had, or a commit without an answer, also without an SQLException. */
    private static boolean isOutageWithoutSql(RuntimeException failure) {
        return failure instanceof TransactionException
                || failure instanceof DataAccessResourceFailureException
                || failure instanceof TransientDataAccessException
                || failure instanceof RecoverableDataAccessException;
    }

    static <T extends Throwable> @Nullable T causeOf(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
