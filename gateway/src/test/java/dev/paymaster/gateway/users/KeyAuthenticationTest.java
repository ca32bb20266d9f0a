package dev.paymaster.gateway.users;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.R2dbcTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** Callers come while there is no database. */
class KeyAuthenticationTest {
    private final Logger root = Logger.getLogger("");
    private final Records log = new Records();
    private final NoDatabase database = new NoDatabase();
    private final KeyAuthentication keys =
            new KeyAuthentication(new Users(DatabaseClient.create(database)), List.of("an administrator's"));

    @BeforeEach
    void listen() {
        root.addHandler(log);
    }

    @AfterEach
    void listenNoMore() {
        root.removeHandler(log);
    }

    @Test
    void logsNoStackTraceForEachCaller() {
        IntStream.range(0, 10)
                .forEach(number -> assertThat(authenticate("pm_" + number))
                        .failsWithin(Duration.ofSeconds(10))
                        .withThrowableThat()
                        .withCauseInstanceOf(DataAccessResourceFailureException.class));

        assertThat(log.records)
                .filteredOn(each -> each.getThrown() != null)
                .extracting(LogRecord::getLoggerName)
                .isEmpty();
    }

    @Test
    void remembersNoFailure() {
        assertThat(authenticate("pm_1")).failsWithin(Duration.ofSeconds(10));
        assertThat(authenticate("pm_1")).failsWithin(Duration.ofSeconds(10));

        assertThat(database.asked).hasValue(2);
    }

    private CompletableFuture<?> authenticate(String key) {
        return keys.authenticate(KeyAuthentication.claimOf(key)).toFuture();
    }

    /** What the cache logs, before it is handed on to the log of the service. */
    private static final class Records extends Handler {
        private final Queue<LogRecord> records = new ConcurrentLinkedQueue<>();

        @Override
        public void publish(LogRecord each) {
            records.add(each);
        }

        @Override
        public void flush() {
            // they are kept
        }

        @Override
        public void close() {
            // they are kept
        }
    }

    /** As a pool whose connections don't come in time, on the thread of its clock. */
    private static final class NoDatabase implements ConnectionFactory {
        private final AtomicInteger asked = new AtomicInteger();

        @Override
        public Publisher<? extends Connection> create() {
            asked.incrementAndGet();
            return Mono.delay(Duration.ofMillis(1))
                    .flatMap(_ -> Mono.error(new R2dbcTimeoutException("no connection")));
        }

        @Override
        public ConnectionFactoryMetadata getMetadata() {
            return () -> "PostgreSQL";
        }
    }
}
