package dev.paymaster.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsTest {
    private static final Set<String> SECRETS = Set.of("pm_sams", "sk_test_1");

    @TempDir
    private Path logs;

    @Test
    void aSecretIsFound() throws IOException {
        write("gateway-1.log", "all is well\n");
        write("gateway-2.log", "all is well\nGET /api/whoami by pm_sams\n");

        assertThat(broken())
                .singleElement()
                .asString()
                .startsWith("BROKEN: no log has a secret")
                .contains("gateway-2.log", "GET /api/whoami")
                .doesNotContain("gateway-1.log");
    }

    @Test
    void aStackTraceIsFoundWithWhatItIs() throws IOException {
        write("credit-worker-1.3.out", "starting\njava.lang.IllegalStateException: oh\n\tat a.B.c(B.java:1)\n");

        assertThat(broken())
                .singleElement()
                .asString()
                .startsWith("BROKEN: no log has a stack trace")
                .contains("credit-worker-1.3.out", "IllegalStateException: oh", "at a.B.c");
    }

    @Test
    void aStackTraceIsFoundWithWhoLogsIt() throws IOException {
        write("gateway-1.log", """
                2026-11-30T11:30:15.000Z  INFO 1 --- [gateway] [main] d.p.Earlier : all is well
                2026-11-30T11:30:16.123Z ERROR 1 --- [gateway] [main] o.s.Loud : oh
                in two lines

                java.lang.IllegalStateException: oh
                \tat a.B.c(B.java:1)
                """);

        assertThat(broken())
                .singleElement()
                .asString()
                .contains("o.s.Loud : oh | java.lang.IllegalStateException: oh | at a.B.c")
                .doesNotContain("Earlier");
    }

    @Test
    void aServiceMayBeStoppedWhileItStarts() throws IOException {
        write("gateway-1.log", """
                2026-11-30T11:30:15.000Z  WARN 1 --- [main] o.s.c.s.DefaultLifecycleProcessor : Failed to stop bean 'a'
                java.lang.InterruptedException
                \tat a.B.c(B.java:1)
                """);

        assertThat(broken()).isEmpty();
    }

    @Test
    void aWordInTheMiddleOfALineIsNone() throws IOException {
        write("job-service-1.log", "looked at everything\n");

        assertThat(broken()).isEmpty();
    }

    @Test
    void theBrokerAndTheSandboxMay() throws IOException {
        write("stripe.1.out", "STRIPE_SECRET_KEY=sk_test_1\n");
        write("broker.log", "oh\n\tat kafka.B.c(B.java:1)\n");

        assertThat(broken()).isEmpty();
    }

    private void write(String log, String text) throws IOException {
        Files.writeString(logs.resolve(log), text);
    }

    private List<String> broken() {
        return Logs.broken(logs, SECRETS).stream()
                .filter(each -> !each.isEmpty())
                .toList();
    }
}
