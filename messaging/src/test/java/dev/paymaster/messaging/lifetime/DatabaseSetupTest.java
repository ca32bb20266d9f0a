package dev.paymaster.messaging.lifetime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.support.StaticApplicationContext;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

@ExtendWith(OutputCaptureExtension.class)
class DatabaseSetupTest {
    private final Database database = EmbeddedDatabase.shared().paymaster();
    private final StaticApplicationContext application = new StaticApplicationContext();
    private final StartWaits waits = new StartWaits(application);
    private int migrations;

    @BeforeEach
    void refresh() {
        application.refresh();
    }

    @AfterEach
    void close() {
        waits.close();
        application.close();
    }

    @ParameterizedTest
    @CsvSource({"08006", "57P01", "53300"})
    void migratesAgainWhenTheDatabaseGoesAwayMeanwhile(String state) {
        DatabaseSetup setup = setup(() -> {
            if (migrations == 1) {
                throw new IllegalStateException("a migration failed", new SQLException("gone", state));
            }
        });

        setup.start();

        assertThat(migrations).isEqualTo(2);
        assertThat(setup.isRunning()).isTrue();
    }

    @Test
    void failsWhereWaitingWouldNotHelp() {
        DatabaseSetup setup = setup(() -> {
            throw new IllegalStateException("a migration failed", new SQLException("no such table", "42P01"));
        });

        assertThatThrownBy(setup::start).hasMessage("a migration failed");
        assertThat(migrations).isOne();
        assertThat(setup.isRunning()).isFalse();
    }

    /** For longer than Flyway waits for it. */
    @Test
    void waitsForAnotherInstanceThatMigrates(CapturedOutput output) throws Exception {
        Database shared = EmbeddedDatabase.shared().createDatabase("migrated_by_two");
        CountDownLatch migrating = new CountDownLatch(1);
        CountDownLatch migrated = new CountDownLatch(1);
        Flyway other = flyway(dataSource(shared), new V1__Slow(migrating, migrated));
        Semaphore tries = new Semaphore(0);
        StartWaits telling = new StartWaits(application, Duration.ofMillis(500));
        DatabaseSetup setup = new DatabaseSetup(
                flyway(new LockCounting(dataSource(shared), tries), new V1__Slow(migrating, migrated)),
                Flyway::migrate,
                shared.jdbcUrl(),
                telling);
        try (ExecutorService instances = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = instances.submit(() -> other.migrate());
            assertThat(migrating.await(30, TimeUnit.SECONDS)).isTrue();
            Future<?> second = instances.submit(setup::start);

            assertThat(tries.tryAcquire(3, 30, TimeUnit.SECONDS)).isTrue();
            assertThat(second.isDone()).isFalse();
            migrated.countDown();
            first.get(30, TimeUnit.SECONDS);
            second.get(30, TimeUnit.SECONDS);
        } finally {
            migrated.countDown();
            telling.close();
        }

        assertThat(setup.isRunning()).isTrue();
        assertThat(output).contains("waiting for the migrations of PostgreSQL at " + shared.host());
    }

    private static DataSource dataSource(Database database) {
        return new DriverManagerDataSource(database.jdbcUrl(), database.ownerUser(), database.ownerPassword());
    }

    /** It tries once, then twice. */
    private static Flyway flyway(DataSource database, JavaMigration migration) {
        return Flyway.configure()
                .dataSource(database)
                .javaMigrations(migration)
                .locations("classpath:db/none")
                .failOnMissingLocations(false)
                .lockRetryCount(1)
                .load();
    }

    /** Ends when the test says so. */
    @SuppressWarnings("MemberName") // Flyway reads the version from it
    private static final class V1__Slow extends BaseJavaMigration {
        private final CountDownLatch begun;
        private final CountDownLatch end;

        V1__Slow(CountDownLatch begun, CountDownLatch end) {
            this.begun = begun;
            this.end = end;
        }

        @Override
        public void migrate(Context context) throws InterruptedException {
            begun.countDown();
            assertThat(end.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Tells how often Flyway's lock is asked for. */
    private static final class LockCounting extends DelegatingDataSource {
        private final Semaphore tries;

        LockCounting(DataSource target, Semaphore tries) {
            super(target);
            this.tries = tries;
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            return (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                        if (arguments != null && String.valueOf(arguments[0]).contains("pg_try_advisory")) {
                            tries.release();
                        }
                        try {
                            return method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }

    @Test
    void doesNothingWhenTheProcessEnds() {
        DatabaseSetup setup = setup(() -> {});
        waits.close();

        setup.start();

        assertThat(migrations).isZero();
        assertThat(setup.isRunning()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db:5432/paymaster?user=paymaster&password=secret, db:5432/paymaster",
        "jdbc:postgresql://db/paymaster, db/paymaster",
        "db:5432/paymaster, db:5432/paymaster"
    })
    void tellsWhereTheDatabaseIsWithoutASecret(String url, String told) {
        assertThat(DatabaseSetup.withoutSecrets(url)).isEqualTo(told);
    }

    private DatabaseSetup setup(Runnable migration) {
        Flyway flyway = Flyway.configure()
                .dataSource(database.jdbcUrl(), database.ownerUser(), database.ownerPassword())
                .load();
        return new DatabaseSetup(
                flyway,
                _ -> {
                    migrations++;
                    migration.run();
                },
                database.jdbcUrl(),
                waits);
    }
}
