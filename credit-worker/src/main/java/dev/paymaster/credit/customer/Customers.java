package dev.paymaster.credit.customer;

import dev.paymaster.ledger.sql.SetStatement;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** The stored links, read and written a whole batch at a time. Thread-safe. */
public final class Customers {
    private static final String LOAD = "SELECT customer_id, user_id FROM billing.customer WHERE customer_id = ANY (?)";

    private static final String INSERT = """
            INSERT INTO billing.customer (customer_id, user_id, linked_at)
            SELECT * FROM unnest(?, ?, ?)""";

    private static final String LOCK_TO_LINK = "SELECT pg_advisory_xact_lock_shared(hashtext('billing.customer'))";

    private static final String LOCK_TO_PARK = "SELECT pg_advisory_xact_lock(hashtext('billing.customer'))";

    private final JdbcOperations jdbc;

    public Customers(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** The links of one batch: what was stored, and what the batch adds. */
    public static final class Links {
        private final Map<String, UUID> known;
        private final Map<String, UUID> fresh = new LinkedHashMap<>();

        private Links(Map<String, UUID> known) {
            this.known = known;
        }

        /** Links a customer, unless it is linked already. */
        private void add(CustomerLink link) {
            if (known.putIfAbsent(link.customerId(), link.userId()) == null) {
                fresh.put(link.customerId(), link.userId());
            }
        }

        /** Whose customer it is, or null. */
        public @Nullable UUID userOf(@Nullable String customerId) {
            return customerId == null ? null : known.get(customerId);
        }

        /** The customers whose users are known. */
        public Set<String> known() {
            return Set.copyOf(known.keySet());
        }
    }

    /**
     * Loads the links of {@code customerIds} and stores those that {@code found} adds, all in the caller's transaction.
     *
     * <p>A link must not slip in while an invoice is parked for want of it. So batches with a customer who stays unknown,
     * which are few, wait for those that are linking, and the other way round; batches that only link don't wait for each
     * other.
     */
    public Links link(Set<String> customerIds, Collection<CustomerLink> found, Instant now) {
        Map<String, UUID> known = load(customerIds);
        Set<String> unknown =
                customerIds.stream().filter(id -> !known.containsKey(id)).collect(Collectors.toSet());
        if (!unknown.isEmpty()) {
            Set<String> linkable = found.stream().map(CustomerLink::customerId).collect(Collectors.toSet());
            jdbc.query(linkable.containsAll(unknown) ? LOCK_TO_LINK : LOCK_TO_PARK, row -> {});
            known.putAll(load(unknown));
        }
        Links links = new Links(known);
        found.forEach(links::add);
        insert(links.fresh, now);
        return links;
    }

    private Map<String, UUID> load(Set<String> customerIds) {
        Map<String, UUID> known = new HashMap<>();
        if (!customerIds.isEmpty()) {
            jdbc.query(new SetStatement<>(LOAD, customerIds).with("text", id -> id), row -> {
                known.put(row.getString(1), row.getObject(2, UUID.class));
            });
        }
        return known;
    }

    private void insert(Map<String, UUID> fresh, Instant now) {
        if (fresh.isEmpty()) {
            return;
        }
        List<Map.Entry<String, UUID>> rows = List.copyOf(fresh.entrySet());
        jdbc.update(new SetStatement<>(INSERT, rows)
                .with("text", Map.Entry::getKey)
                .with("uuid", Map.Entry::getValue)
                .with("timestamptz", _ -> now));
    }
}
