package dev.paymaster.stripesandbox;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Runs the sandbox alone: {@code --port 12111 --webhook http://localhost:3000/api/stripe/webhook …}. */
public final class StripeSandboxApplication {
    /** The port of stripe-mock, which people's scripts already name. */
    private static final int DEFAULT_PORT = 12_111;

    private static final String USAGE = """
            Options:
              --port 12111            port to listen on
              --host 127.0.0.1        address to listen on (0.0.0.0 in a container)
              --public-url URL        where browsers reach the pages (default: http://127.0.0.1:<port>)
              --key sk_test_sandbox   secret key to print; every sk_test_ key is taken
              --snapshot FILE         remember everything in this file
              --webhook URL           send all events there; may be repeated
              --webhook-secret SECRET sign them with this (default: made up and printed)
              --prices a=1000,b=2500  monthly prices in cents
              --rate-limit "POST /v1/transfers=25"  calls per second; may be repeated
            """;

    private StripeSandboxApplication() {}

    /** What the command line asked for. */
    record Options(
            SandboxSettings settings,
            List<URI> webhooks,
            @Nullable String webhookSecret,
            Map<String, Integer> prices) {
        /**
         * Reads a command line.
         *
         * @throws IllegalArgumentException that says what is wrong with it
         */
        static Options parse(String... arguments) {
            SandboxSettings settings = SandboxSettings.defaults().withPort(DEFAULT_PORT);
            List<URI> webhooks = new ArrayList<>();
            List<RateLimit> limits = new ArrayList<>();
            String secret = null;
            Map<String, Integer> prices = Map.of();
            for (int i = 0; i < arguments.length; i += 2) {
                if (i + 1 == arguments.length) {
                    throw new IllegalArgumentException(arguments[i] + " needs a value");
                }
                String value = arguments[i + 1];
                switch (arguments[i]) {
                    case "--port" -> settings = settings.withPort(number(value));
                    case "--host" -> settings = settings.withHost(value);
                    case "--public-url" -> settings = settings.withPublicUrl(URI.create(value));
                    case "--key" -> settings = settings.withSecretKey(value);
                    case "--snapshot" -> settings = settings.withSnapshot(Path.of(value));
                    case "--webhook" -> webhooks.add(URI.create(value));
                    case "--webhook-secret" -> secret = value;
                    case "--prices" -> prices = prices(value);
                    case "--rate-limit" -> limits.add(limit(value));
                    default -> throw new IllegalArgumentException("Unknown option " + arguments[i]);
                }
            }
            return new Options(settings.withRateLimits(limits), webhooks, secret, prices);
        }

        private static Map<String, Integer> prices(String value) {
            Map<String, Integer> prices = new LinkedHashMap<>();
            for (String price : List.of(value.split(","))) {
                int equals = price.indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException("--prices takes name=cents,…, not " + price);
                }
                prices.put(price.substring(0, equals), number(price.substring(equals + 1)));
            }
            return prices;
        }

        private static RateLimit limit(String value) {
            int space = value.indexOf(' ');
            int equals = value.lastIndexOf('=');
            if (space < 1 || equals < space) {
                throw new IllegalArgumentException("--rate-limit takes \"METHOD PATH=NUMBER\", not " + value);
            }
            return new RateLimit(
                    value.substring(0, space), value.substring(space + 1, equals), number(value.substring(equals + 1)));
        }

        private static int number(String value) {
            try {
                return Integer.parseInt(value);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(value + " is not a number", e);
            }
        }
    }

    /** Runs until the process is told to stop. */
    public static void main(String... arguments) throws InterruptedException {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(USAGE);
            System.exit(2);
            return;
        }
        StripeSandbox sandbox;
        try {
            sandbox = StripeSandbox.start(options.settings());
        } catch (UncheckedIOException | IllegalStateException e) {
            System.err.println(e.getMessage()
                    + (e.getCause() == null ? "" : ": " + e.getCause().getMessage()));
            System.exit(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close, "sandbox-shutdown"));
        describe(sandbox, options).forEach(System.out::println);
        new CountDownLatch(1).await();
    }

    /** Sets up what the command line asked for, and says how to use it, as lines of a .env file. */
    static List<String> describe(StripeSandbox sandbox, Options options) {
        List<String> lines = new ArrayList<>();
        lines.add("STRIPE_API_BASE=" + sandbox.baseUrl());
        lines.add("STRIPE_SECRET_KEY=" + sandbox.secretKey());
        List<String> secrets = new ArrayList<>();
        for (URI webhook : options.webhooks()) {
            for (boolean connect : new boolean[] {false, true}) {
                String given = options.webhookSecret();
                secrets.add(
                        given == null
                                ? sandbox.addWebhook(webhook, connect)
                                : sandbox.addWebhook(webhook, connect, given));
            }
        }
        if (!secrets.isEmpty()) {
            lines.add("STRIPE_WEBHOOK_SECRET="
                    + String.join(",", secrets.stream().distinct().toList()));
        }
        sandbox.prices(options.prices())
                .forEach((name, id) -> lines.add("STRIPE_PRICE_" + name.toUpperCase(Locale.ROOT) + "=" + id));
        return lines;
    }
}
