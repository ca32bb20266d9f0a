package dev.paymaster.messaging.outbox;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import org.jspecify.annotations.Nullable;

/**
 * Records as bytes, for the columns that keep them: a form, a count, then each record's topic, key, headers and value
 * with their lengths. What is long enough is compressed after its form: what isn't written needn't be flushed at COMMIT.
 */
public final class OutgoingCodec {
    private static final byte PLAIN = 1;
    private static final byte LZ4 = 2;
    private static final int ABSENT = -1;

    /** A batch's records have much in common, a single record has little. */
    private static final int LONG_ENOUGH = 4096;

    private static final LZ4Factory LZ4_BLOCKS = LZ4Factory.fastestInstance();

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
            out.writeByte(PLAIN);
            out.writeInt(records.size());
            for (Outgoing record : records) {
                write(out, record);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        byte[] plain = bytes.toByteArray();
        return plain.length < LONG_ENOUGH ? plain : compress(plain);
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
            byte form = in.readByte();
            if (form == LZ4) {
                return decode(decompress(bytes));
            }
            if (form != PLAIN) {
                throw new IllegalStateException("stored records of form " + form + " cannot be read here");
            }
            int count = in.readInt();
            if (count < 0 || count > MAX_RECORDS) {
                throw new IllegalStateException("stored records are damaged: " + count + " of them");
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

    /** How many bytes the records in some bytes have when they aren't compressed; those are in memory before they are decoded. */
    public static int plainLength(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return bytes.length > Integer.BYTES && in.get() == LZ4
                ? checkedLength(in.getInt(), in.remaining())
                : bytes.length;
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
        if (length == ABSENT) {
            return null;
        }
        if (length < 0 || length > in.available()) {
            throw new EOFException(length + " bytes are announced, " + in.available() + " are left");
        }
        return in.readNBytes(length);
    }

    private static byte[] compress(byte[] plain) {
        LZ4Compressor compressor = LZ4_BLOCKS.fastCompressor();
        ByteBuffer out = ByteBuffer.allocate(1 + Integer.BYTES + compressor.maxCompressedLength(plain.length));
        compressor.compress(ByteBuffer.wrap(plain), out.put(LZ4).putInt(plain.length));
        return Arrays.copyOf(out.array(), out.position());
    }

    private static byte[] decompress(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        try {
            int length = in.getInt();
            byte[] plain = new byte[checkedLength(length, in.remaining())];
            LZ4_BLOCKS.safeDecompressor().decompress(in, ByteBuffer.wrap(plain));
            return plain;
        } catch (BufferUnderflowException | LZ4Exception e) {
            throw new IllegalStateException("stored records are damaged", e);
        }
    }

    /** LZ4 makes nothing 256 times as short: a longer length is none of ours, and isn't worth the memory. */
    private static int checkedLength(int length, int compressed) {
        if (length < 0 || length / 256 > compressed) {
            throw new IllegalStateException("stored records are damaged: " + length + " bytes from " + compressed);
        }
        return length;
    }
}
