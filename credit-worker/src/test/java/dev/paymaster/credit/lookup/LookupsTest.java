package dev.paymaster.credit.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.credit.BillingDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
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
        jdbc.update("DELETE FROM billing.lookup");
    }

    @Test
    void aPaymentIsGivenUpOnlyAfterTwoAnswersADayApartAndThreeDaysAfterTheLastNews() {
        Lookups lookups = new Lookups(new JdbcTemplate(database.pool()), Duration.ZERO);
        Lookup payment = new Lookup(Lookup.Kind.PAYMENT, "pi_1");
        lookups.ask(Set.of(payment), NOW);

        assertThat(lookups.noteNotOurs(payment, null, after(2))).isFalse();
        assertThat(lookups.noteNotOurs(payment, null, after(71)))
                .as("too soon after the news")
                .isFalse();
        lookups.noteNothing(payment);
        assertThat(lookups.noteNotOurs(payment, null, after(80)))
                .as("the first after another answer")
                .isFalse();
        assertThat(lookups.noteNotOurs(payment, "cus_foreign", after(103)))
                .as("less than a day apart")
                .isFalse();
        assertThat(lookups.noteNotOurs(payment, null, after(104))).isTrue();
        assertThat(lookups.claim(after(100_000))).isNull();

        lookups.ask(Set.of(payment), after(200));
        assertThat(lookups.claim(after(100_000))).isNull();
        lookups.askAnew(Set.of(payment), after(200));
        assertThat(lookups.noteNotOurs(payment, null, after(300)))
                .as("the first after news")
                .isFalse();
        assertThat(lookups.claim(after(300))).isEqualTo(payment);
        lookups.forget(payment);
    }

    private static Instant after(int hours) {
        return NOW.plus(Duration.ofHours(hours));
    }

    private static List<Lookup> customers(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> new Lookup(Lookup.Kind.CUSTOMER, "cus_" + number))
                .toList();
    }
}
