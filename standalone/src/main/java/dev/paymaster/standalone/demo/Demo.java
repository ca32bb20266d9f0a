package dev.paymaster.standalone.demo;

import dev.paymaster.standalone.Options;
import dev.paymaster.standalone.RunningInstance;
import dev.paymaster.standalone.StartRefused;
import dev.paymaster.standalone.StripeMode;
import java.io.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.KafkaException;

/** {@code ./paymaster demo}: plays the {@link Story} against a running {@code up}; 0 only if every step came true. */
public final class Demo {
    private static final int FAILED = 1;
    private static final int REFUSED = 2;
    private static final String HELP = """
            Usage: ./paymaster demo [OPTIONS]

            Plays the whole story against a running './paymaster up': an administrator makes two users, the sender pays for
            credits and spends them on a job, the receiver does it, and Stripe pays the receiver. Shows every call, every
            event and every balance. It makes new users each time, so it can be run again.

              --data DIR   the data directory of the 'up' to play against  (.paymaster)

            Exit status: 0 when every step came true, 1 when one did not, 2 when there is nothing to play against.
            """;

    private Demo() {}

    @SuppressWarnings("SystemOut") // a command talks to its terminal
    public static void main(String[] arguments) {
        // Kafka's client would report every setting; what matters of it arrives as an exception.
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        System.setProperty("paymaster.log.file", System.getProperty("java.io.tmpdir") + "/paymaster-demo.log");
        try {
            Options options = Options.parse(Arrays.asList(arguments), Set.of("--data"));
            if (options.wantsHelp()) {
                System.out.print(HELP);
                return;
            }
            boolean terminal = Optional.ofNullable(System.console())
                    .filter(Console::isTerminal)
                    .isPresent();
            boolean colours = terminal && !System.getenv().containsKey("NO_COLOR");
            play(Path.of(options.text("--data", ".paymaster")), new Screen(System.out, colours));
        } catch (StartRefused e) {
            System.err.println("paymaster: " + e.getMessage());
            System.exit(REFUSED);
        } catch (StoryFailed | KafkaException e) {
            System.err.println();
            System.err.println("paymaster: the story did not come true: " + e.getMessage());
            System.exit(FAILED);
        }
    }

    /**
     * Plays the story against the standalone that runs on a data directory.
     *
     * @throws StartRefused when none runs there, or it doesn't use the sandbox
     */
    static void play(Path dataDirectory, Screen screen) {
        RunningInstance instance = RunningInstance.find(dataDirectory)
                .orElseThrow(() -> new StartRefused("nothing runs on " + dataDirectory
                        + "; start it in another terminal with ./paymaster up --data " + dataDirectory));
        if (!instance.stripe().equals(StripeMode.SANDBOX.word())) {
            throw new StartRefused("the demo pays with the sandbox's money, and this one runs with --stripe "
                    + instance.stripe() + "; start it with ./paymaster up");
        }
        try (HttpClient client = HttpClient.newHttpClient();
                Events events = new Events(screen, instance.bootstrapServers())) {
            new Story(screen, client, events, instance, adminKey(dataDirectory)).play();
        }
    }

    private static String adminKey(Path dataDirectory) {
        try {
            return Files.readString(dataDirectory.resolve("admin.key")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("could not read the admin key", e);
        }
    }
}
