package dev.paymaster.embedded;

import java.util.Properties;

/**
 * A second way to a broker, for clients that are to come through something in between, such as a proxy that breaks
 * connections. Who comes this way is told to stay on it.
 *
 * @param port where the broker listens
 * @param advertisedPort where clients are told to go: the proxy's
 */
public record Detour(int port, int advertisedPort) {
    private static final String NAME = "DETOUR";

    void addTo(Properties settings) {
        append(settings, "listener.security.protocol.map", NAME + ":PLAINTEXT");
        append(settings, "listeners", NAME + "://127.0.0.1:" + port);
        append(settings, "advertised.listeners", NAME + "://127.0.0.1:" + advertisedPort);
    }

    private static void append(Properties settings, String name, String more) {
        settings.put(name, settings.get(name) + "," + more);
    }
}
