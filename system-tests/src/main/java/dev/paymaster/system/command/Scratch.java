package dev.paymaster.system.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory that goes when it is closed, unless it is to be kept. */
public final class Scratch implements AutoCloseable {
    private final Path directory;
    private boolean keep;

    private Scratch(Path directory) {
        this.directory = directory;
    }

    /** Among temporary files, or, where those are in memory and fsync would cost nothing, where the command was given. */
    public static Scratch make(String command) {
        String prefix = "paymaster-" + command + "-";
        try {
            Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
            boolean inMemory = Files.getFileStore(temporary).type().equals("tmpfs");
            return new Scratch(
                    inMemory
                            ? Files.createTempDirectory(Path.of("").toAbsolutePath(), "." + prefix)
                            : Files.createTempDirectory(prefix));
        } catch (IOException e) {
            throw new UncheckedIOException("no directory to work in", e);
        }
    }

    public Path directory() {
        return directory;
    }

    /** A new directory in it. */
    public Path sub(String name) {
        try {
            return Files.createDirectory(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("could not make a directory for " + name, e);
        }
    }

    /** Leaves the directory where it is, for whoever wants to see what happened. */
    public void keep() {
        keep = true;
    }

    /** The opposite of {@link #keep()}. */
    public void discard() {
        keep = false;
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
