package dev.paymaster.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A directory that one embedded server has to itself, with a lock file that keeps a second one out, also one of
 * another process. Only its owner may read it. A temporary one is deleted when it is closed.
 */
final class DataDirectory implements AutoCloseable {
    /** Far longer than it takes to make a directory and lock it. */
    private static final Duration SETTLING = Duration.ofMinutes(1);

    /**
     * What this process has locked. Such a lock file must not be opened again: on POSIX systems, closing it would release
     * the lock of the whole process.
     */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final boolean temporary;
    private final FileChannel channel;

    private DataDirectory(Path path, boolean temporary, FileChannel channel) {
        this.path = path;
        this.temporary = temporary;
        this.channel = channel;
    }

    static DataDirectory open(Path path) {
        return lock(path.toAbsolutePath().normalize(), false);
    }

    static DataDirectory temporary(String name) {
        try {
            return lock(Files.createTempDirectory("paymaster-" + name + "-").toRealPath(), true);
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary directory for " + name, e);
        }
    }

    /**
     * Temporary directories of that name which nobody holds any more, because the process that made them was killed.
     * They come locked; closing one deletes it.
     */
    static List<DataDirectory> abandoned(String name) {
        List<DataDirectory> found = new ArrayList<>();
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent, "paymaster-" + name + "-*")) {
            for (Path directory : directories) {
                abandoned(directory.toRealPath()).ifPresent(found::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not look for abandoned directories in " + parent, e);
        }
        return found;
    }

    private static Optional<DataDirectory> abandoned(Path directory) throws IOException {
        Path lock = directory.resolve("lock");
        // One that is just being made may not be locked yet.
        Instant settled = Instant.now().minus(SETTLING);
        if (HELD_HERE.contains(directory)
                || !Files.isWritable(lock)
                || Files.getLastModifiedTime(lock).toInstant().isAfter(settled)) {
            return Optional.empty();
        }
        FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        if (tryLock(channel) && HELD_HERE.add(directory)) {
            return Optional.of(new DataDirectory(directory, true, channel));
        }
        channel.close();
        return Optional.empty();
    }

    /** Creates the directory and its parents for their owner only; what exists already stays as it is. */
    static void create(Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    static void delete(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not delete " + root, e);
        }
    }

    private static DataDirectory lock(Path path, boolean temporary) {
        if (!HELD_HERE.add(path)) {
            throw new IllegalStateException(path + " is in use by this process");
        }
        try {
            return lockForThisProcess(path, temporary);
        } catch (RuntimeException e) {
            HELD_HERE.remove(path);
            throw e;
        }
    }

    private static DataDirectory lockForThisProcess(Path path, boolean temporary) {
        try {
            create(path);
            FileChannel channel =
                    FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!tryLock(channel)) {
                channel.close();
                throw new IllegalStateException(path + " is in use by another process");
            }
            return new DataDirectory(path, temporary, channel);
        } catch (IOException e) {
            throw new UncheckedIOException("could not use " + path, e);
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException inUseByThisProcess) {
            return false;
        }
    }

    boolean isTemporary() {
        return temporary;
    }

    Path path() {
        return path;
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("could not unlock " + path, e);
        } finally {
            HELD_HERE.remove(path);
        }
        if (temporary) {
            delete(path);
        }
    }
}
