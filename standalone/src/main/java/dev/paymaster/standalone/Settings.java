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
 * @param properties settings of the services, by their names, that differ from what they are by default
 */
public record Settings(
        Path dataDirectory,
        StandalonePorts ports,
        StripeMode stripe,
        Map<String, String> environment,
        Optional<Infrastructure> infrastructure,
        Map<String, String> properties) {

    public Settings {
        dataDirectory = dataDirectory.toAbsolutePath().normalize();
        environment = Map.copyOf(environment);
        properties = Map.copyOf(properties);
    }

    /** Free ports, the sandbox, embedded broker and database: for tests. */
    public static Settings forTests(Path dataDirectory) {
        return new Settings(
                dataDirectory, StandalonePorts.free(), StripeMode.SANDBOX, Map.of(), Optional.empty(), Map.of());
    }

    public Settings withStripe(StripeMode mode) {
        return new Settings(dataDirectory, ports, mode, environment, infrastructure, properties);
    }

    public Settings withEnvironment(Map<String, String> variables) {
        return new Settings(dataDirectory, ports, stripe, variables, infrastructure, properties);
    }

    /** With a running Kafka and PostgreSQL, which the standalone neither starts nor stops. */
    public Settings withInfrastructure(Infrastructure running) {
        return new Settings(dataDirectory, ports, stripe, environment, Optional.of(running), properties);
    }

    /** With other settings of the services than their defaults, such as {@code payouts.mode}. */
    public Settings withProperties(Map<String, String> others) {
        return new Settings(dataDirectory, ports, stripe, environment, infrastructure, others);
    }
}
