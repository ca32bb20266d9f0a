package dev.paymaster.messaging.outbox;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records as bytes, for the column that keeps them until they are published: a version, a count, then each record's
 * topic, key, headers and value with their lengths.
 */
public final class OutgoingCodec {
    private static final int VERSION = 1;
    private static final int ABSENT = -1;

    /** No batch makes more; a larger count means that the bytes are none of ours. */
    private static final int MAX_RECORDS = 1_000_000;

    private OutgoingCodec() {}

    /** The bytes of some records, or null for none. */
    public static byte @Nullable [] encode(List<Outgoing> records) {
        if (records.isEmpty()) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(records.size() * 512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(records.size());
            for (Outgoing record : records) {
                write(out, record);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /**
     * The records in some bytes; none in null.
     *
     * @throws IllegalStateException when the bytes were not written by {@link #encode}
     */
    public static List<Outgoing> decode(byte @Nullable [] bytes) {
        if (bytes == null) {
            return List.of();
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            int count = in.readInt();
            if (version != VERSION || count < 0 || count > MAX_RECORDS) {
                throw new IllegalStateException("stored records of version " + version + " cannot be read here");
            }
            List<Outgoing> records = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                records.add(read(in));
            }
            return records;
        } catch (IOException e) {
            throw new IllegalStateException("stored records are damaged", e);
        }
    }

    private static void write(DataOutputStream out, Outgoing record) throws IOException {
        out.writeUTF(record.topic());
        writeBytes(out, record.key());
        out.writeInt(record.headers().size());
        for (Outgoing.Header header : record.headers()) {
            out.writeUTF(header.name());
            writeBytes(out, header.value());
        }
        writeBytes(out, record.value());
    }

    private static Outgoing read(DataInputStream in) throws IOException {
        String topic = in.readUTF();
        byte[] key = readBytes(in);
        int count = in.readInt();
        List<Outgoing.Header> headers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            headers.add(new Outgoing.Header(in.readUTF(), readBytes(in)));
        }
        return new Outgoing(topic, key, headers, readBytes(in));
    }

    private static void writeBytes(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        if (bytes == null) {
            out.writeInt(ABSENT);
        } else {
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }

    private static byte @Nullable [] readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length == ABSENT ? null : in.readNBytes(length);
    }
}
