package dev.paymaster.gateway.proof;

import dev.paymaster.gateway.http.Rows;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A payout as payout-worker shows it, as far as Stripe knows of it.
 *
 * @param backCents what of its transfer has come back
 */
record Payout(
        UUID id,
        UUID jobId,
        long cents,
        String status,
        @Nullable String accountId,
        @Nullable String transferId,
        long backCents,
        Instant updatedAt) {
    static final String COLUMNS = """
            SELECT id, job_id, amount_cents, status, account_id, transfer_id,
                   coalesce(reversed_cents, 0) AS back_cents, updated_at FROM api.payout""";

    static Payout of(Readable row) {
        return new Payout(
                Rows.required(row, "id", UUID.class),
                Rows.required(row, "job_id", UUID.class),
                Rows.number(row, "amount_cents"),
                Rows.text(row, "status"),
                row.get("account_id", String.class),
                row.get("transfer_id", String.class),
                Rows.number(row, "back_cents"),
                Rows.required(row, "updated_at", Instant.class));
    }
}
