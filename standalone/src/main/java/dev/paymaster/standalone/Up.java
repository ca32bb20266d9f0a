package dev.paymaster.standalone;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;

/** {@code ./paymaster up}: starts a {@link Standalone}, says where everything is, and stops it in order on Ctrl-C. */
public final class Up {
    private static final AtomicBoolean STOPPING = new AtomicBoolean();

    private static final int FAILED = 1;
    private static final int REFUSED = 2;
    /** A stop takes two or three seconds; past this, what hangs is left to the operating system. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(18);

    private Up() {}

    @SuppressWarnings("SystemOut") // a command talks to its terminal
    public static void main(String[] arguments) {
        long startNanos = System.nanoTime();
        Console console = new Console(System.out, System::nanoTime);
        Settings settings;
        try {
            Options options = Options.parse(Arrays.asList(arguments), UpOptions.NAMES);
            if (options.wantsHelp()) {
                System.out.print(UpOptions.HELP);
                return;
            }
            settings = UpOptions.settings(options, System.getenv());
            if (settings.stripe() == StripeMode.ENV) {
                StripeConnection.require(settings.environment());
            }
        } catch (StartRefused e) {
            System.err.println("paymaster: " + e.getMessage());
            System.exit(REFUSED);
            return;
        }
        Path log = Logging.file(settings.dataDirectory());
        Logging.to(log);
        System.exit(run(settings, console, log, startNanos));
    }

    /** Returns only when it failed; a success ends with the process. */
    @SuppressWarnings("SystemOut")
    private static int run(Settings settings, Console console, Path log, long startNanos) {
        try {
            Standalone standalone = Standalone.prepare(settings, console);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(standalone, console), "stop"));
            console.line("Starting Paymaster in " + settings.dataDirectory());
            standalone.launch();
            Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
            if (!STOPPING.get()) {
                console.line(Welcome.text(standalone, Console.seconds(took), log));
            }
            Thread.currentThread().join();
            return 0;
        } catch (StartRefused e) {
            console.breaksOff();
            System.err.println("paymaster: " + e.getMessage());
            return REFUSED;
        } catch (InterruptedException e) {
            return FAILED;
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(Up.class).error("Paymaster could not start", e);
            console.breaksOff();
            System.err.println("paymaster: could not start: " + Failures.oneLine(e) + " (log: " + log + ")");
            return FAILED;
        }
    }

    private static void stop(Standalone standalone, Console console) {
        STOPPING.set(true);
        console.breaksOff();
        Thread closing = Thread.ofPlatform().daemon().name("closing").start(standalone::close);
        try {
            if (!closing.join(STOP_LIMIT)) {
                console.line("paymaster: gave up waiting for what still runs");
                Runtime.getRuntime().halt(FAILED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
