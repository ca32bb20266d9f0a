package dev.paymaster.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/** The key that administers a standalone, in a file that only its owner can read; made on the first start and kept. */
final class AdminKey {
    /** 256 bits: nobody guesses it. */
    private static final int BYTES = 32;

    private AdminKey() {}

    static String readOrCreate(Path file, SecureRandom random) {
        try {
            if (!Files.exists(file)) {
                create(file, random);
            }
            String key = Files.readString(file).strip();
            if (key.isEmpty()) {
                throw new StartRefused(file + " holds no key; delete it to get a new one");
            }
            return key;
        } catch (IOException e) {
            throw new UncheckedIOException("could not read or make the admin key in " + file, e);
        }
    }

    private static void create(Path file, SecureRandom random) throws IOException {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        String key = "pm_admin_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "\n";
        // The mode is set as the file is made, so there is no moment in which others can open it.
        try (SeekableByteChannel channel = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
