package dev.paymaster.messaging.lifetime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedDatabase;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.support.StaticApplicationContext;

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
