package dev.paymaster.credit.billing;

import dev.paymaster.ledger.sql.SetStatement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.JdbcOperations;

/** Paid invoices that wait for their customer's user. Thread-safe. */
final class ParkedInvoices {
    private static final String PARK = """
            INSERT INTO billing.parked_invoice (invoice_id, customer_id, event, parked_at)
            SELECT * FROM unnest(?, ?, ?, ?) ON CONFLICT DO NOTHING""";

    private static final String TAKE = """
            DELETE FROM billing.parked_invoice WHERE customer_id = ANY (?)
            RETURNING invoice_id, customer_id, event, parked_at""";

    private final JdbcOperations jdbc;

    ParkedInvoices(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** @param event the whole event, byte for byte */
    record Parked(String invoiceId, String customerId, byte[] event, Instant at) {}

    /** Parks invoices; one that is parked already stays as it is. */
    void park(Collection<Parked> invoices) {
        if (invoices.isEmpty()) {
            return;
        }
        jdbc.update(new SetStatement<>(PARK, invoices)
                .with("text", Parked::invoiceId)
                .with("text", Parked::customerId)
                .withBytes(Parked::event)
                .with("timestamptz", Parked::at));
    }

    /** Takes out the invoices of customers whose users are known. */
    List<Parked> take(Set<String> customerIds) {
        if (customerIds.isEmpty()) {
            return List.of();
        }
        return jdbc.query(
                new SetStatement<>(TAKE, customerIds).with("text", id -> id),
                (row, number) -> new Parked(
                        row.getString(1),
                        row.getString(2),
                        row.getBytes(3),
                        row.getObject(4, OffsetDateTime.class).toInstant()));
    }
}
