package dev.paymaster.standalone;

import dev.paymaster.embedded.Ports;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The TCP ports of a standalone, all on 127.0.0.1. 0 means a free one, chosen at start.
 *
 * @param http the gateway's public API
 * @param management the gateway's health and metrics
 */
public record StandalonePorts(int http, int management, int kafka, int database, int sandbox) {
    private static final int HIGHEST = 65_535;

    public StandalonePorts {
        asOptions(http, management, kafka, database, sandbox).forEach((option, port) -> {
            if (port < 0 || port > HIGHEST) {
                throw new IllegalArgumentException(option + " takes a port from 0 to " + HIGHEST + ", not " + port);
            }
        });
        Map<Integer, String> taken = new HashMap<>();
        asOptions(http, management, kafka, database, sandbox).forEach((option, port) -> {
            String other = port == 0 ? null : taken.put(port, option);
            if (other != null) {
                throw new IllegalArgumentException(other + " and " + option + " are both " + port);
            }
        });
    }

    /** 3000 and 9000 as in production; the others beside those of a Kafka, PostgreSQL or stripe-mock that may run here. */
    public static StandalonePorts defaults() {
        return new StandalonePorts(3000, 9000, 19_092, 15_432, 12_111);
    }

    /** Free ones, for tests. */
    public static StandalonePorts free() {
        return new StandalonePorts(0, 0, 0, 0, 0);
    }

    /** These ports with free ones in place of zeros. */
    StandalonePorts chosen() {
        return new StandalonePorts(
                Ports.orFree(http),
                Ports.orFree(management),
                Ports.orFree(kafka),
                Ports.orFree(database),
                Ports.orFree(sandbox));
    }

    /** @throws StartRefused naming the first port that another process holds, and the option that chooses another */
    void requireFree() {
        asOptions(http, management, kafka, database, sandbox).forEach((option, port) -> {
            if (!Ports.isFree(port)) {
                throw new StartRefused("port " + port + " is in use; choose another with " + option
                        + " PORT (0 for a free one), or stop what listens there");
            }
        });
    }

    private static Map<String, Integer> asOptions(int http, int management, int kafka, int database, int sandbox) {
        Map<String, Integer> options = new LinkedHashMap<>();
        options.put("--port", http);
        options.put("--management-port", management);
        options.put("--kafka-port", kafka);
        options.put("--database-port", database);
        options.put("--sandbox-port", sandbox);
        return options;
    }
}
