package dev.paymaster.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DataDirectoryTest {
    private final FileTime anHourAgo = FileTime.from(Instant.now().minus(Duration.ofHours(1)));

    @Test
    void findsAndDeletesOnlyWhatNobodyHolds() throws IOException {
        Path abandoned = Files.createTempDirectory("paymaster-probe-");
        Files.setLastModifiedTime(Files.createFile(abandoned.resolve("lock")), anHourAgo);
        Path justMade = Files.createTempDirectory("paymaster-probe-");
        Files.createFile(justMade.resolve("lock"));
        try (DataDirectory held = DataDirectory.temporary("probe")) {
            Files.setLastModifiedTime(held.resolve("lock"), anHourAgo);

            List<DataDirectory> found = DataDirectory.abandoned("probe");
            found.forEach(DataDirectory::close);

            assertThat(abandoned).doesNotExist();
            assertThat(justMade).exists();
            assertThat(held.path()).exists();
        } finally {
            DataDirectory.delete(justMade);
        }
    }

    /** Closing any channel on a lock file releases the lock of the whole process, as POSIX has it. */
    @Test
    void keepsItsLockWhileItLooksForAbandonedOnes() throws Exception {
        try (DataDirectory held = DataDirectory.temporary("probe")) {
            // By another process, too: Java opens and closes a file to change its time.
            run(
                    "touch",
                    "-d",
                    "@" + anHourAgo.to(TimeUnit.SECONDS),
                    held.resolve("lock").toString());
            assertThat(DataDirectory.abandoned("probe")).isEmpty();
            assertThatIllegalStateException().isThrownBy(() -> DataDirectory.open(held.path()));

            assertThat(lockInAnotherProcess(held.resolve("lock"))).isEqualTo(OtherProcess.HELD);
        }
    }

    private static int lockInAnotherProcess(Path lock) throws IOException, InterruptedException {
        return run(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                lock.toString());
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    /** Tries to lock a file, and tells by its exit status whether somebody else holds it. */
    static final class OtherProcess {
        static final int HELD = 3;

        public static void main(String[] arguments) throws IOException {
            try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
                System.exit(channel.tryLock() == null ? HELD : 0);
            }
        }
    }

    @Test
    void isReadableByItsOwnerOnly() throws IOException {
        try (DataDirectory directory = DataDirectory.temporary("probe")) {
            assertThat(Files.getPosixFilePermissions(directory.path())).hasSize(3);
        }
    }
}
