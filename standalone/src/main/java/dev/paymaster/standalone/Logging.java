package dev.paymaster.standalone;

import java.nio.file.Path;

/** Where the log of a standalone goes. {@code logback.xml} beside the classes says what goes into it. */
final class Logging {
    /** Spring Boot's property that keeps it from configuring logging when it is "none". */
    static final String SPRING_SWITCH = "org.springframework.boot.logging.LoggingSystem";

    private static final String FILE = "paymaster.log.file";

    private Logging() {}

    static Path file(Path dataDirectory) {
        return dataDirectory.resolve("logs").resolve("paymaster.log");
    }

    /** Must be called before the first logger is asked for. */
    static void to(Path file) {
        System.setProperty(SPRING_SWITCH, "none");
        System.setProperty(FILE, file.toString());
    }
}
