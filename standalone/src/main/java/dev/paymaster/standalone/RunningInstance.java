package dev.paymaster.standalone;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;

/**
 * Where a running standalone is to be found, written into its data directory when it is ready, so that other commands
 * need not be told its ports. Holds no secret but the sandbox's, which guards nothing.
 *
 * @param sandboxUrl the local Stripe, blank if there is none
 */
public record RunningInstance(URI url, String bootstrapServers, String stripe, String sandboxUrl, String sandboxKey) {
    private static final String FILE = "running.properties";

    static RunningInstance of(Standalone standalone) {
        return new RunningInstance(
                standalone.url(),
                standalone.bootstrapServers(),
                standalone.stripe().word(),
                standalone
                        .sandbox()
                        .map(sandbox -> sandbox.baseUrl().toString())
                        .orElse(""),
                standalone.sandbox().map(sandbox -> sandbox.secretKey()).orElse(""));
    }

    /** The standalone that runs on this data directory, if one does. */
    public static Optional<RunningInstance> find(Path dataDirectory) {
        Path file = dataDirectory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + file, e);
        }
        return Optional.of(new RunningInstance(
                URI.create(properties.getProperty("url")),
                properties.getProperty("kafka"),
                properties.getProperty("stripe"),
                properties.getProperty("sandbox.url"),
                properties.getProperty("sandbox.key")));
    }

    void write(Path dataDirectory) {
        Properties properties = new Properties();
        properties.setProperty("url", url.toString());
        properties.setProperty("kafka", bootstrapServers);
        properties.setProperty("stripe", stripe);
        properties.setProperty("sandbox.url", sandboxUrl);
        properties.setProperty("sandbox.key", sandboxKey);
        Path file = dataDirectory.resolve(FILE);
        // Whoever waits for it must not read half of it.
        Path unfinished = dataDirectory.resolve(FILE + ".new");
        try {
            try (Writer writer = Files.newBufferedWriter(unfinished)) {
                properties.store(writer, null);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("could not write " + file, e);
        }
    }

    static void delete(Path dataDirectory) {
        try {
            Files.deleteIfExists(dataDirectory.resolve(FILE));
        } catch (IOException e) {
            throw new UncheckedIOException("could not delete the description of a stopped standalone", e);
        }
    }
}
