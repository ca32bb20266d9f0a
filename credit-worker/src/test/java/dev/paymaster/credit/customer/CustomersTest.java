package dev.paymaster.credit.customer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.credit.BillingDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class CustomersTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static BillingDatabase database;
    private static TransactionTemplate transaction;
    private static Customers customers;

    @BeforeAll
    static void migrate() {
        database = new BillingDatabase("customers_test");
        transaction = new TransactionTemplate(new JdbcTransactionManager(database.pool()));
        customers = new Customers(new JdbcTemplate(database.pool()));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void theFirstLinkStands() {
        UUID first = UUID.randomUUID();
        CustomerLink again = new CustomerLink("cus_first", UUID.randomUUID());

        assertThat(linked(new CustomerLink("cus_first", first), again)).isEqualTo(first);
        assertThat(linked(again)).isEqualTo(first);
    }

    @Test
    void aLinkWaitsForWhoeverParksForWantOfIt() {
        CompletableFuture<UUID> linking = new CompletableFuture<>();
        UUID user = UUID.randomUUID();
        transaction.executeWithoutResult(parking -> {
            assertThat(customers.link(Set.of("cus_race"), List.of(), NOW).userOf("cus_race"))
                    .isNull();
            linking.completeAsync(() -> linked(new CustomerLink("cus_race", user)));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() ->
                            number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") == 1);
            assertThat(linking).isNotDone();
        });

        assertThat(linking).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(user);
    }

    @Test
    void batchesThatOnlyLinkDoNotWaitForEachOther() {
        UUID user = UUID.randomUUID();
        transaction.executeWithoutResult(linking -> {
            customers.link(Set.of("cus_a"), List.of(new CustomerLink("cus_a", user)), NOW);

            assertThat(CompletableFuture.supplyAsync(() -> linked(new CustomerLink("cus_b", user))))
                    .succeedsWithin(Duration.ofSeconds(20));
        });
    }

    private static UUID linked(CustomerLink... links) {
        String customerId = links[0].customerId();
        UUID user = transaction.execute(status ->
                customers.link(Set.of(customerId), List.of(links), NOW).userOf(customerId));
        return requireNonNull(user);
    }

    private static long number(String sql) {
        return requireNonNull(new JdbcTemplate(database.pool()).queryForObject(sql, Long.class));
    }
}
