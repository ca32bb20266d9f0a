package dev.paymaster.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryTest {
    @TempDir
    private Path logs;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Terminating due to java.lang.OutOfMemoryError: Java heap space",
                "java.lang.OutOfMemoryError: Cannot reserve 4194304 bytes of direct buffer memory",
                "io.netty.util.internal.OutOfDirectMemoryError: failed to allocate 4194304 byte(s) of direct memory"
            })
    void aProcessThatHadTooLittleIsFound(String line) throws IOException {
        Files.writeString(logs.resolve("gateway-1.log"), "all is well\n");
        Files.writeString(logs.resolve("gateway-2.3.out"), "starting\n" + line + "\nended\n");

        assertThat(Memory.broken(logs))
                .startsWith("BROKEN: no process runs out of memory")
                .contains("gateway-2.3.out", line);
    }

    @Test
    void theOptionThatEndsSuchAProcessIsNone() throws IOException {
        Files.writeString(logs.resolve("gateway-1.log"), "java -XX:+ExitOnOutOfMemoryError\n");

        assertThat(Memory.broken(logs)).isEmpty();
    }
}
