package dev.paymaster.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

    @Test
    void isReadableByItsOwnerOnly() throws IOException {
        try (DataDirectory directory = DataDirectory.temporary("probe")) {
            assertThat(Files.getPosixFilePermissions(directory.path())).hasSize(3);
        }
    }
}
