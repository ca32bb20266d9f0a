package dev.paymaster.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked once per user from the archive on the class path into the user's cache folder.
 * The folder's name is the archive's digest, and it appears whole or not at all, so processes may unpack at once.
 */
final class PostgresBinaries {
    private PostgresBinaries() {}

    /** The folder with {@code bin}, {@code lib} and {@code share}. */
    static Path unpacked() {
        String archive = archiveName(System.getProperty("os.name"), System.getProperty("os.arch"));
        try {
            Path cache = cacheFolder();
            DataDirectory.create(cache);
            Path target = cache.resolve("postgresql-" + digest(archive).substring(0, 16));
            if (!Files.exists(target)) {
                unpack(archive, cache, target);
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException("could not unpack PostgreSQL from " + archive, e);
        }
    }

    static String archiveName(String os, String architecture) {
        String system = os.toLowerCase(Locale.ROOT);
        String family = system.contains("mac") ? "darwin" : system;
        String processor = switch (architecture) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> architecture;
        };
        return "postgres-" + family + "-" + processor + ".txz";
    }

    private static Path cacheFolder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path root =
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return root.resolve("paymaster");
    }

    private static InputStream open(String archive) throws IOException {
        @Nullable InputStream stream = PostgresBinaries.class.getClassLoader().getResourceAsStream(archive);
        if (stream == null) {
            throw new IOException("there is no PostgreSQL for this machine: " + archive + " is not on the class path");
        }
        return stream;
    }

    private static String digest(String archive) throws IOException {
        try (InputStream stream = open(archive)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[65_536];
            for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void unpack(String archive, Path cache, Path target) throws IOException {
        Path partial = Files.createTempDirectory(cache, "unpacking-");
        try (InputStream stream = open(archive);
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(stream)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                write(tar, entry, partial);
            }
        }
        try {
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            DataDirectory.delete(partial);
            if (!Files.exists(target)) {
                throw e;
            }
            // Another process was quicker; its copy is the same.
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path root) throws IOException {
        Path file = root.resolve(entry.getName()).normalize();
        if (!file.startsWith(root)) {
            throw new IOException("entry outside the archive: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, file);
        if ((entry.getMode() & 0100) != 0 && !file.toFile().setExecutable(true)) {
            throw new FileSystemException(file.toString(), null, "could not be made executable");
        }
    }
}
