package dev.paymaster.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * One start and stop of a {@link Standalone}, for Java to record which classes that takes ({@code -XX:AOTCacheOutput}). On a
 * temporary directory and free ports, so it disturbs nothing.
 */
final class StartRecording {
    private StartRecording() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("paymaster-start-");
        Logging.to(Logging.file(directory));
        try (Standalone standalone = Standalone.start(Settings.forTests(directory));
                HttpClient client = HttpClient.newHttpClient()) {
            URI whoami = standalone.url().resolve("/api/whoami");
            HttpRequest request = HttpRequest.newBuilder(whoami)
                    .header("Authorization", "Bearer " + standalone.adminKey())
                    .build();
            client.send(request, HttpResponse.BodyHandlers.discarding());
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
