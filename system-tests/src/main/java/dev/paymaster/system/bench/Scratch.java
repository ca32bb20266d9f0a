package dev.paymaster.system.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory that goes when it is closed, unless it is to be kept. */
final class Scratch implements AutoCloseable {
    private static final String PREFIX = "paymaster-bench-";

    private final Path directory;
    private boolean keep;

    private Scratch(Path directory) {
        this.directory = directory;
    }

    /** Among temporary files, or, where those are in memory and fsync would cost nothing, where the command was given. */
    static Scratch make() {
        try {
            Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
            boolean inMemory = Files.getFileStore(temporary).type().equals("tmpfs");
            return new Scratch(
                    inMemory
                            ? Files.createTempDirectory(Path.of("").toAbsolutePath(), "." + PREFIX)
                            : Files.createTempDirectory(PREFIX));
        } catch (IOException e) {
            throw new UncheckedIOException("no directory to measure in", e);
        }
    }

    Path directory() {
        return directory;
    }

    /** A new directory in it. */
    Path sub(String name) {
        try {
            return Files.createDirectory(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("could not make a directory for " + name, e);
        }
    }

    void keep() {
        keep = true;
    }

    @Override
    public void close() {
        if (keep) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not delete " + directory, e);
        }
    }
}
