package dev.paymaster.messaging.lifetime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StopLimitTest {
    /** What SIGTERM ends a JVM with. */
    private static final int TERMINATED = 143;

    @Test
    void endsAProcessWhoseStopHangsAndHoldsUpNoOther() throws Exception {
        Process hanging = start("PT0.1S", "hangs");
        Process quick = start("PT1H", "stops");
        try {
            for (Process each : new Process[] {hanging, quick}) {
                assertThat(each.inputReader().readLine()).isEqualTo("up");
                // By its handle: Process.destroy closes its standard input as well, and it might end of that.
                each.toHandle().destroy();
            }

            for (Process each : new Process[] {hanging, quick}) {
                assertThat(each.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(each.exitValue()).isEqualTo(TERMINATED);
            }
        } finally {
            hanging.destroyForcibly();
            quick.destroyForcibly();
        }
    }

    private static Process start(String limit, String stop) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Stopping.class.getName(),
                        limit,
                        stop)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Runs until it is told to stop, or whoever started it is gone. */
    static final class Stopping {
        private Stopping() {}

        /** With a limit, and what its stop does. */
        @SuppressWarnings("SystemOut") // it is how it tells that it is up
        public static void main(String[] arguments) throws IOException {
            StopLimit.install(Duration.parse(arguments[0]));
            if (arguments[1].equals("hangs")) {
                Runtime.getRuntime().addShutdownHook(new Thread(Stopping::hang, "hangs"));
            }
            System.out.println("up");
            var _ = System.in.read();
        }

        private static void hang() {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
