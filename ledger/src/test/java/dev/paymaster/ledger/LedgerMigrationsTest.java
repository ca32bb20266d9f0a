package dev.paymaster.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedDatabase;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class LedgerMigrationsTest {
    @Test
    void servicesThatStartAtOnceMigrateOnce() throws Exception {
        Database database = EmbeddedDatabase.shared().createDatabase("ledger_migrations");
        Callable<Boolean> service = () -> {
            LedgerMigrations.migrate(Flyway.configure()
                    .dataSource(database.jdbcUrl(), database.ownerUser(), database.ownerPassword())
                    .load());
            return true;
        };
        try (ExecutorService services = Executors.newFixedThreadPool(4)) {
            for (Future<Boolean> started : services.invokeAll(List.of(service, service, service, service))) {
                assertThat(started.get()).isTrue();
            }
        }

        assertThat(as("paymaster", database)
                        .queryForObject(
                                "SELECT count(*) FROM ledger.flyway_schema_history WHERE version = '1'", Long.class))
                .isEqualTo(1);
    }

    @Test
    void theGatewayReadsTheViewsAndNothingElse() {
        try (TestDatabase database = new TestDatabase("ledger_views")) {
            JdbcTemplate gateway = as("paymaster_gateway", database.database);

            for (String view : List.of("api.balance", "api.lot", "api.entry")) {
                assertThat(gateway.queryForList("SELECT * FROM " + view)).isEmpty();
            }
            assertThatThrownBy(() -> gateway.queryForList("SELECT * FROM ledger.account"))
                    .isInstanceOf(BadSqlGrammarException.class)
                    .hasStackTraceContaining("permission denied");
        }
    }

    private static JdbcTemplate as(String user, Database database) {
        return new JdbcTemplate(new DriverManagerDataSource(database.jdbcUrl(), user, Database.PASSWORD));
    }
}
