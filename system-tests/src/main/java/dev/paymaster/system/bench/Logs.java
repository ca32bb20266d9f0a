package dev.paymaster.system.bench;

import java.nio.file.Path;

/** Where the logs of what is measured go: to a file, as in a standalone, whose {@code logback.xml} is on the class path. */
final class Logs {
    private Logs() {}

    /** Must be called before the first logger is asked for. */
    static void to(Path file) {
        keepOneConfiguration();
        System.setProperty("paymaster.log.file", file.toString());
    }

    /** Spring Boot would configure logging once per application and take away what those before it log to. */
    static void keepOneConfiguration() {
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    }
}
