package dev.paymaster.credit.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.credit.BillingDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class LookupsTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final int MANY = 30;

    private static BillingDatabase database;

    @BeforeAll
    static void migrate() {
        database = new BillingDatabase("lookups_test");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    /** However PostgreSQL carries the claim out: here it takes the table for one with a single row. */
    @Test
    void aClaimTakesOneAndOnlyOne() {
        JdbcTemplate jdbc = new JdbcTemplate(database.pool());
        Lookups lookups = new Lookups(jdbc, Duration.ZERO);
        lookups.ask(customers(1), NOW);
        database.asOwner().execute("ANALYZE billing.lookup");
        lookups.ask(customers(MANY), NOW);

        for (int claimed = 1; claimed <= MANY; claimed++) {
            assertThat(lookups.claim(NOW)).isNotNull();
            assertThat(jdbc.queryForObject("SELECT sum(tries) FROM billing.lookup", Integer.class))
                    .isEqualTo(claimed);
        }
        assertThat(lookups.claim(NOW)).isNull();
    }

    private static List<Lookup> customers(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> new Lookup(Lookup.Kind.CUSTOMER, "cus_" + number))
                .toList();
    }
}
