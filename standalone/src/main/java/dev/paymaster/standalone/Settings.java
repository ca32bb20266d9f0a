package dev.paymaster.standalone;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a standalone is started with.
 *
 * @param dataDirectory where everything is kept: data, logs, the admin key
 * @param environment where {@link StripeMode#ENV} finds its variables; nothing else is read from it
 * @param infrastructure a Kafka and a PostgreSQL that run already, instead of embedded ones
 */
public record Settings(
        Path dataDirectory,
        StandalonePorts ports,
        StripeMode stripe,
        Map<String, String> environment,
        Optional<Infrastructure> infrastructure) {

    public Settings {
        dataDirectory = dataDirectory.toAbsolutePath().normalize();
        environment = Map.copyOf(environment);
    }

    /** Free ports, the sandbox, embedded broker and database: for tests. */
    public static Settings forTests(Path dataDirectory) {
        return new Settings(dataDirectory, StandalonePorts.free(), StripeMode.SANDBOX, Map.of(), Optional.empty());
    }

    public Settings withStripe(StripeMode mode) {
        return new Settings(dataDirectory, ports, mode, environment, infrastructure);
    }

    public Settings withEnvironment(Map<String, String> variables) {
        return new Settings(dataDirectory, ports, stripe, variables, infrastructure);
    }

    /** With a running Kafka and PostgreSQL, which the standalone neither starts nor stops. */
    public Settings withInfrastructure(Infrastructure running) {
        return new Settings(dataDirectory, ports, stripe, environment, Optional.of(running));
    }
}
