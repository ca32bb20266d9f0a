package dev.paymaster.payout;

import dev.paymaster.payout.obligation.Key;
import dev.paymaster.payout.obligation.Made;
import dev.paymaster.payout.obligation.Owed;
import dev.paymaster.payout.obligation.Past;
import dev.paymaster.payout.obligation.Payout;
import dev.paymaster.payout.obligation.Payout.Due;
import dev.paymaster.payout.obligation.Payout.Failed;
import dev.paymaster.payout.obligation.Payout.Held;
import dev.paymaster.payout.obligation.Payout.Paid;
import dev.paymaster.payout.obligation.Payout.Reason;
import dev.paymaster.payout.obligation.Payout.Recalled;
import dev.paymaster.payout.obligation.Payout.Reversed;
import dev.paymaster.payout.obligation.Plan;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of table payout as it is written: its components are named like the columns, in JSON's snake_case. */
record PayoutColumns(
        UUID id,
        UUID jobId,
        UUID sender,
        UUID receiver,
        long amountCents,
        String description,
        String status,
        @Nullable String reason,
        @Nullable String detail,
        @Nullable String step,
        @Nullable Instant nextAttemptAt,
        int attempt,
        int unknowns,
        int waits,
        @Nullable Instant doubtUntil,
        @Nullable Instant firstUsedAt,
        @Nullable String accountId,
        @Nullable String transferId,
        long sequence,
        int calls,
        @Nullable UUID claim,
        Instant createdAt,
        Instant updatedAt,
        long reversedCents,
        int recalls,
        List<String> takenBack,
        @Nullable UUID batchId,
        int jobs) {

    static PayoutColumns of(PayoutRow row) {
        Payout payout = row.payout();
        Owed owed = payout.owed();
        Key key = payout.key();
        Plan next = payout.next();
        Made made = payout.made();
        return new PayoutColumns(
                owed.id(),
                owed.jobId(),
                owed.sender(),
                owed.receiver(),
                owed.amountCents(),
                owed.description(),
                payout.status().json(),
                payout.reason(),
                payout.explanation(),
                next == null ? null : next.step().column(),
                next == null ? null : next.at(),
                key.attempt(),
                key.unknowns(),
                key.waits(),
                key.doubtUntil(),
                key.firstUsedAt(),
                key.accountId(),
                payout.transfer(),
                row.sequence(),
                row.calls(),
                row.claim(),
                owed.createdAt(),
                row.updatedAt(),
                made == null ? 0 : made.reversedCents(),
                key.past().recalls(),
                key.past().takenBack(),
                row.batchId(),
                row.jobs());
    }

    static PayoutRow read(ResultSet row) throws SQLException {
        return new PayoutRow(
                payout(row),
                row.getLong("sequence"),
                row.getInt("calls"),
                row.getObject("claim", UUID.class),
                instant(row, "updated_at"),
                row.getObject("batch_id", UUID.class),
                row.getInt("jobs"));
    }

    private static Payout payout(ResultSet row) throws SQLException {
        Owed owed = owed(row);
        Key key = key(row);
        String status = row.getString("status");
        return switch (status) {
            case "due" -> new Due(owed, key, plan(row), row.getString("detail"));
            case "held" ->
                new Held(
                        owed,
                        key,
                        Reason.of(row.getString("reason")),
                        row.getString("detail"),
                        row.getString("step") == null ? null : plan(row));
            case "paid" -> paid(owed, key, row);
            case "failed" -> new Failed(owed, key, row.getString("detail"));
            case "reversed" -> new Reversed(owed, key, row.getString("transfer_id"), row.getString("detail"));
            default -> throw new IllegalStateException("payout " + owed.id() + " has status " + status);
        };
    }

    private static Payout paid(Owed owed, Key key, ResultSet row) throws SQLException {
        Made made = new Made(row.getString("transfer_id"), row.getLong("reversed_cents"));
        String detail = row.getString("detail");
        boolean refused = Payout.REVERSAL_REFUSED.equals(row.getString("reason"));
        return row.getString("step") == null
                ? new Paid(owed, key, made, refused ? detail : null)
                : new Recalled(owed, key, made, refused, detail, plan(row));
    }

    private static Owed owed(ResultSet row) throws SQLException {
        return new Owed(
                row.getObject("id", UUID.class),
                row.getObject("job_id", UUID.class),
                row.getObject("sender", UUID.class),
                row.getObject("receiver", UUID.class),
                row.getLong("amount_cents"),
                row.getString("description"),
                instant(row, "created_at"));
    }

    private static Key key(ResultSet row) throws SQLException {
        return new Key(
                row.getInt("attempt"),
                row.getInt("unknowns"),
                row.getInt("waits"),
                instantOrNull(row, "doubt_until"),
                instantOrNull(row, "first_used_at"),
                row.getString("account_id"),
                new Past(List.of((String[]) row.getArray("taken_back").getArray()), row.getInt("recalls")));
    }

    private static Plan plan(ResultSet row) throws SQLException {
        return new Plan(Plan.Step.of(row.getString("step")), instant(row, "next_attempt_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
