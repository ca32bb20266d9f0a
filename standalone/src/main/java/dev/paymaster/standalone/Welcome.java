package dev.paymaster.standalone;

import dev.paymaster.embedded.Database;
import java.nio.file.Path;

/** What a person needs to know when everything is up. */
final class Welcome {
    private Welcome() {}

    static String text(Standalone standalone, String took, Path log) {
        return """

                Paymaster is ready after %s.

                  HTTP API     http://localhost:%d  (contract: /openapi.json)
                  Admin key    %s
                  Stripe       %s
                  Health       http://localhost:%d/actuator/health
                  Kafka        %s
                  PostgreSQL   %s:%d, database, user and password %s
                  Log          %s

                %s
                Ctrl-C stops everything.""".formatted(
                        took,
                        standalone.ports().http(),
                        shortened(standalone.adminKeyFile()),
                        stripe(standalone),
                        standalone.ports().management(),
                        standalone.bootstrapServers(),
                        standalone.database().host(),
                        standalone.database().port(),
                        Database.OWNER,
                        shortened(log),
                        next(standalone));
    }

    private static String stripe(Standalone standalone) {
        return switch (standalone.stripe()) {
            case OFF -> "off: jobs cost no credits and nobody is paid";
            case ENV -> "the real one, with the key in STRIPE_SECRET_KEY";
            case SANDBOX ->
                "the sandbox at http://localhost:" + standalone.ports().sandbox();
        };
    }

    private static String next(Standalone standalone) {
        return switch (standalone.stripe()) {
            case SANDBOX -> "Next, in another terminal:  ./paymaster demo" + dataOption(standalone);
            case OFF -> "Next, in another terminal:\n" + whoami(standalone);
            case ENV ->
                "Next, in another terminal:  stripe listen --forward-to localhost:"
                        + standalone.ports().http() + "/api/stripe/webhook";
        };
    }

    private static String whoami(Standalone standalone) {
        return "  curl -H \"Authorization: Bearer $(cat " + shortened(standalone.adminKeyFile())
                + ")\" http://localhost:" + standalone.ports().http() + "/api/whoami";
    }

    private static String dataOption(Standalone standalone) {
        Path data = standalone.adminKeyFile().resolveSibling("");
        Path usual = Path.of(".paymaster").toAbsolutePath().normalize();
        return standalone.adminKeyFile().startsWith(usual) ? "" : " --data " + shortened(data);
    }

    /** Relative to where the command was given, when that is shorter. */
    private static Path shortened(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path) : path;
    }
}
