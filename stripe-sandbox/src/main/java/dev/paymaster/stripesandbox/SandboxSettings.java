package dev.paymaster.stripesandbox;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a sandbox is started. Immutable; begin with {@link #defaults()}.
 *
 * @param host the address to listen on; 127.0.0.1 unless it runs in a container
 * @param port 0 for any free port
 * @param secretKey the key that {@link StripeSandbox#secretKey()} tells; the API takes every {@code sk_test_…}
 * @param snapshot the file in which the state survives; null to forget everything at the end
 * @param publicUrl where people's browsers reach the pages; null for {@code http://127.0.0.1:<port>}
 * @param rateLimits in force from the start; none by default
 * @param webhookTimeout after which a delivery has failed
 * @param clock the machine's time, from which the sandbox's time starts
 */
public record SandboxSettings(
        String host,
        int port,
        String secretKey,
        @Nullable Path snapshot,
        @Nullable URI publicUrl,
        List<RateLimit> rateLimits,
        Duration webhookTimeout,
        Clock clock) {
    public SandboxSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("A port is between 0 and 65535, not " + port);
        }
        if (!secretKey.startsWith("sk_test_")) {
            throw new IllegalArgumentException("The sandbox's secret key must start with sk_test_");
        }
        rateLimits = List.copyOf(rateLimits);
    }

    /** On a free port of 127.0.0.1, without a snapshot, without limits, with Stripe's 30 s for webhooks. */
    public static SandboxSettings defaults() {
        return new SandboxSettings(
                "127.0.0.1", 0, "sk_test_sandbox", null, null, List.of(), Duration.ofSeconds(30), Clock.systemUTC());
    }

    public SandboxSettings withHost(String newHost) {
        return new SandboxSettings(newHost, port, secretKey, snapshot, publicUrl, rateLimits, webhookTimeout, clock);
    }

    public SandboxSettings withPort(int newPort) {
        return new SandboxSettings(host, newPort, secretKey, snapshot, publicUrl, rateLimits, webhookTimeout, clock);
    }

    public SandboxSettings withSecretKey(String newKey) {
        return new SandboxSettings(host, port, newKey, snapshot, publicUrl, rateLimits, webhookTimeout, clock);
    }

    public SandboxSettings withSnapshot(Path newSnapshot) {
        return new SandboxSettings(host, port, secretKey, newSnapshot, publicUrl, rateLimits, webhookTimeout, clock);
    }

    public SandboxSettings withPublicUrl(URI newUrl) {
        return new SandboxSettings(host, port, secretKey, snapshot, newUrl, rateLimits, webhookTimeout, clock);
    }

    public SandboxSettings withRateLimits(List<RateLimit> newLimits) {
        return new SandboxSettings(host, port, secretKey, snapshot, publicUrl, newLimits, webhookTimeout, clock);
    }

    public SandboxSettings withWebhookTimeout(Duration newTimeout) {
        return new SandboxSettings(host, port, secretKey, snapshot, publicUrl, rateLimits, newTimeout, clock);
    }

    public SandboxSettings withClock(Clock newClock) {
        return new SandboxSettings(host, port, secretKey, snapshot, publicUrl, rateLimits, webhookTimeout, newClock);
    }
}
