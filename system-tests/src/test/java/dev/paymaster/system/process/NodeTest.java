package dev.paymaster.system.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.paymaster.embedded.Ports;
import dev.paymaster.system.command.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);

    @TempDir
    private Path directory;

    @Test
    void endsWithWhoeverStartedIt() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        "stripe",
                        directory.resolve("no-database").toString(),
                        "--port",
                        "0")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out").toFile())
                .start();

        child.getOutputStream().close();

        assertThat(child.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isEqualTo(3);
    }

    @Test
    void isKilledAndStartedAgain() {
        int port = Ports.orFree(0);
        try (Node node = stripe(port)) {
            node.start();
            await(node);

            node.kill();
            assertThat(node.isReady()).isFalse();
            assertThat(Ports.isFree(port)).isTrue();

            node.start();
            await(node);
        }
    }

    @Test
    void saysWhatAProcessSaidThatEndedByItself() {
        try (Node node = new Node("odd", Child.launch("stripe", List.of("x", "--odd", "1"), directory), () -> true)) {
            node.start();

            assertThatIllegalStateException()
                    .isThrownBy(() -> Waiting.until("its end", LIMIT, POLL, () -> !node.isReady()))
                    .withMessageContaining("odd ended with status 2");
        }
    }

    @Test
    void whatEndedByItselfIsNotTakenForStopped() {
        try (Node node = new Node("odd", Child.launch("stripe", List.of("x", "--odd", "1"), directory), () -> true)) {
            node.start();
            node.ended().join();

            assertThatIllegalStateException().isThrownBy(node::kill).withMessageContaining("odd ended with status 2");
            assertThatIllegalStateException().isThrownBy(node::stop).withMessageContaining("odd ended with status 2");
        }
    }

    private Node stripe(int port) {
        List<String> arguments = List.of(directory.resolve("no-database").toString(), "--port", Integer.toString(port));
        return new Node("stripe", Child.launch("stripe", arguments, directory), () -> !Ports.isFree(port));
    }

    private static void await(Node node) {
        Waiting.until("the start", LIMIT, POLL, node::isReady);
    }
}
