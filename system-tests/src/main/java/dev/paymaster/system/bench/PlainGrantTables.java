package dev.paymaster.system.bench;

import dev.paymaster.credit.invoice.Claim;
import dev.paymaster.credit.invoice.PaidInvoice;
import dev.paymaster.embedded.Database;
import dev.paymaster.ledger.Transfer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The reference's connection, with its six statements prepared once. For one thread. */
final class PlainGrantTables implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement customer;
    private final PreparedStatement invoice;
    private final PreparedStatement entitlement;
    private final PreparedStatement account;
    private final PreparedStatement lot;
    private final PreparedStatement transfer;

    /** An account after a change. */
    record Balance(long available, long held, long debt, long sequence) {}

    PlainGrantTables(Database database) {
        try {
            connection = DriverManager.getConnection(database.jdbcUrl(), "paymaster_credit", Database.PASSWORD);
            connection.setAutoCommit(false);
            customer = connection.prepareStatement("INSERT INTO billing.customer VALUES (?, ?, ?)");
            invoice = connection.prepareStatement("INSERT INTO billing.invoice VALUES (?, ?, ?, ?, ?, ?, ?)");
            entitlement = connection.prepareStatement("INSERT INTO billing.entitlement VALUES (?, ?, ?, ?)");
            account = connection.prepareStatement("""
                    INSERT INTO ledger.account AS a (user_id, available, sequence) VALUES (?, ?, 1)
                    ON CONFLICT (user_id) DO UPDATE
                    SET available = a.available + excluded.available, sequence = a.sequence + 1
                    RETURNING available, held, debt, sequence""");
            lot = connection.prepareStatement("INSERT INTO ledger.lot VALUES (?, ?, 'invoice', ?, ?, ?, ?, ?, ?, ?)");
            transfer =
                    connection.prepareStatement("INSERT INTO ledger.transfer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        } catch (SQLException e) {
            throw new IllegalStateException("the reference can't connect", e);
        }
    }

    void insertCustomer(String customerId, UUID userId, Instant now) throws SQLException {
        execute(customer, customerId, userId, time(now));
    }

    void insertInvoice(PaidInvoice paid, UUID userId, String eventId, Claim claim, Instant now) throws SQLException {
        execute(
                invoice,
                paid.id(),
                paid.customerId(),
                userId,
                eventId,
                claim.credits(),
                claim.revenueCents(),
                time(now));
    }

    void insertEntitlement(Claim claim) throws SQLException {
        execute(
                entitlement,
                claim.period().subscriptionId(),
                time(claim.period().end()),
                claim.tier(),
                claim.credits());
    }

    Balance addToAccount(UUID userId, long credits) throws SQLException {
        set(account, userId, credits);
        try (ResultSet row = account.executeQuery()) {
            row.next();
            return new Balance(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
        }
    }

    void insertLot(UUID lotId, UUID userId, String ref, Claim claim, long opened) throws SQLException {
        execute(
                lot,
                lotId,
                userId,
                ref,
                claim.credits(),
                claim.credits(),
                time(claim.periodStart()),
                time(claim.expiresAt()),
                claim.revenueCents(),
                opened);
    }

    void insertTransfer(Transfer done) throws SQLException {
        execute(
                transfer,
                done.userId(),
                done.sequence(),
                "grant",
                done.amount(),
                done.lotId(),
                done.jobId(),
                done.ref(),
                done.availableAfter(),
                done.heldAfter(),
                done.debtAfter(),
                time(done.recordedAt()));
    }

    void commit() throws SQLException {
        connection.commit();
    }

    private static void execute(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        set(statement, values);
        statement.executeUpdate();
    }

    private static void set(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("the reference's connection can't be closed", e);
        }
    }
}
