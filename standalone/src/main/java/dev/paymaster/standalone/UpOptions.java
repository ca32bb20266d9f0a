package dev.paymaster.standalone;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What {@code ./paymaster up} can be told. */
final class UpOptions {
    static final Set<String> NAMES = Set.of(
            "--data", "--stripe", "--port", "--management-port", "--kafka-port", "--database-port", "--sandbox-port");

    static final String HELP = """
            Usage: ./paymaster up [OPTIONS]

            Starts everything on this machine, in one process: a Kafka broker, PostgreSQL, a local Stripe, and the gateway,
            credit worker, job service and payout worker. Ctrl-C stops it; the next start finds the data again.

              --data DIR              where data, logs and the admin key are kept  (.paymaster)
              --stripe WHICH          sandbox: a local Stripe that is started, too  (the default)
                                      off:     none; jobs cost no credits and nobody is paid
                                      env:     the real one, by STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET,
                                               STRIPE_PRICE_STARTER, STRIPE_PRICE_PRO and STRIPE_PRICE_TEAM
              --port PORT             the HTTP API  (3000)
              --management-port PORT  health and metrics  (9000)
              --kafka-port PORT       Kafka  (19092)
              --database-port PORT    PostgreSQL  (15432)
              --sandbox-port PORT     the local Stripe  (12111)

            Everything listens on 127.0.0.1 only. A PORT of 0 means a free one.
            Exit status: 0 stopped, 1 failed, 2 refused to start as asked.
            """;

    private UpOptions() {}

    /** @throws StartRefused naming what is wrong */
    static Settings settings(Options options, Map<String, String> environment) {
        StandalonePorts ports = StandalonePorts.defaults();
        StripeMode stripe = stripe(options.text("--stripe", StripeMode.SANDBOX.word()));
        try {
            return new Settings(
                    Path.of(options.text("--data", ".paymaster")),
                    new StandalonePorts(
                            options.number("--port", ports.http()),
                            options.number("--management-port", ports.management()),
                            options.number("--kafka-port", ports.kafka()),
                            options.number("--database-port", ports.database()),
                            options.number("--sandbox-port", ports.sandbox())),
                    stripe,
                    stripe == StripeMode.ENV ? environment : Map.of(),
                    Optional.empty(),
                    Map.of());
        } catch (IllegalArgumentException e) {
            throw new StartRefused(String.valueOf(e.getMessage()));
        }
    }

    private static StripeMode stripe(String word) {
        return Arrays.stream(StripeMode.values())
                .filter(mode -> mode.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new StartRefused("--stripe takes "
                        + Arrays.stream(StripeMode.values())
                                .map(StripeMode::word)
                                .collect(Collectors.joining(", "))
                        + ", not " + word));
    }
}
