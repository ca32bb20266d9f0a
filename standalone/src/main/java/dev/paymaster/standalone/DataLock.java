package dev.paymaster.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Keeps a second standalone out of a data directory. The system lets go of it when the process ends, however it ends. */
final class DataLock implements AutoCloseable {
    private final FileChannel channel;

    private DataLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Creates the directory for its owner only, if it is missing, and locks it.
     *
     * @throws StartRefused when another standalone runs on it
     */
    static DataLock acquire(Path dataDirectory) {
        try {
            Files.createDirectories(
                    dataDirectory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            FileChannel channel = FileChannel.open(
                    dataDirectory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isLocked(channel)) {
                return new DataLock(channel);
            }
            channel.close();
            throw new StartRefused("Paymaster already runs on " + dataDirectory
                    + "; stop it, or choose another directory with --data DIR");
        } catch (IOException e) {
            throw new UncheckedIOException("could not use the data directory " + dataDirectory, e);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("could not unlock the data directory", e);
        }
    }
}
