package dev.paymaster.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the data directory beside the data: the lock, the admin key, and where everything is. */
class DataDirectoryTest {
    @TempDir
    private Path directory;

    @Test
    void makesAnAdminKeyThatOnlyItsOwnerReadsAndKeepsIt() throws IOException {
        Path file = directory.resolve("admin.key");
        String key = AdminKey.readOrCreate(file, new SecureRandom());
        assertThat(key).hasSizeGreaterThan(40).doesNotContainAnyWhitespaces();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(AdminKey.readOrCreate(file, new SecureRandom())).isEqualTo(key);
    }

    @Test
    void refusesAnEmptyAdminKey() throws IOException {
        Path file = Files.createFile(directory.resolve("admin.key"));
        assertThatThrownBy(() -> AdminKey.readOrCreate(file, new SecureRandom()))
                .isInstanceOf(StartRefused.class);
    }

    @Test
    void keepsASecondStandaloneOut() {
        Path data = directory.resolve("data");
        try (DataLock lock = DataLock.acquire(data)) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> DataLock.acquire(data))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("already runs on " + data);
        }
        DataLock.acquire(data).close();
    }

    @Test
    void namesABusyPortAndTheOptionThatChoosesAnother() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            StandalonePorts ports = new StandalonePorts(0, 0, taken.getLocalPort(), 0, 0);
            assertThatThrownBy(ports::requireFree)
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " is in use")
                    .hasMessageContaining("--kafka-port");
        }
    }

    @Test
    void tellsOtherCommandsWhereARunningStandaloneIs() {
        assertThat(RunningInstance.find(directory)).isEmpty();
        RunningInstance instance = new RunningInstance(
                URI.create("http://127.0.0.1:3000"),
                "127.0.0.1:9092",
                "sandbox",
                "http://127.0.0.1:12111",
                "sk_test_1");
        instance.write(directory);
        assertThat(RunningInstance.find(directory)).contains(instance);
        RunningInstance.delete(directory);
        assertThat(RunningInstance.find(directory)).isEmpty();
    }
}
