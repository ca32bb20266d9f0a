package dev.paymaster.ledger.sql;

import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgArray;

/**
 * Arrays in PostgreSQL's own form, for the types that the driver would send as text: on both sides that costs more than
 * all the rest of the parameter. The form is that of PostgreSQL's {@code array_recv}, {@code uuid_recv} and {@code
 * timestamptz_recv}: it is part of the protocol, version 3, and the same since PostgreSQL 7.4.
 */
final class BinaryArray {
    private static final int HEADER_BYTES = 20;
    private static final int NULL_LENGTH = -1;

    /** PostgreSQL's clock begins at the start of the year 2000. */
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private BinaryArray() {}

    static Array ofUuids(Connection connection, @Nullable Object[] uuids) throws SQLException {
        ByteBuffer bytes = begin(uuids.length, Oid.UUID, Integer.BYTES + 2 * Long.BYTES);
        for (Object each : uuids) {
            if (each == null) {
                bytes.putInt(NULL_LENGTH);
            } else {
                UUID uuid = (UUID) each;
                bytes.putInt(2 * Long.BYTES)
                        .putLong(uuid.getMostSignificantBits())
                        .putLong(uuid.getLeastSignificantBits());
            }
        }
        return end(connection, Oid.UUID_ARRAY, bytes);
    }

    static Array ofInstants(Connection connection, @Nullable Object[] instants) throws SQLException {
        ByteBuffer bytes = begin(instants.length, Oid.TIMESTAMPTZ, Integer.BYTES + Long.BYTES);
        for (Object each : instants) {
            if (each == null) {
                bytes.putInt(NULL_LENGTH);
            } else {
                bytes.putInt(Long.BYTES).putLong(ChronoUnit.MICROS.between(EPOCH, (Instant) each));
            }
        }
        return end(connection, Oid.TIMESTAMPTZ_ARRAY, bytes);
    }

    /** One dimension that begins at 1, perhaps with nulls. */
    private static ByteBuffer begin(int count, int elementType, int bytesPerElement) {
        return ByteBuffer.allocate(HEADER_BYTES + count * bytesPerElement)
                .putInt(1)
                .putInt(1)
                .putInt(elementType)
                .putInt(count)
                .putInt(1);
    }

    private static Array end(Connection connection, int arrayType, ByteBuffer bytes) throws SQLException {
        byte[] exact = new byte[bytes.position()];
        bytes.flip().get(exact);
        return new PgArray(connection.unwrap(BaseConnection.class), arrayType, exact);
    }
}
