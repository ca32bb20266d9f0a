package dev.paymaster.system.process;

import dev.paymaster.credit.CreditWorkerApplication;
import dev.paymaster.embedded.Detour;
import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.embedded.EmbeddedDatabase;
import dev.paymaster.gateway.GatewayApplication;
import dev.paymaster.job.JobServiceApplication;
import dev.paymaster.messaging.lifetime.StopLimit;
import dev.paymaster.payout.PayoutWorkerApplication;
import dev.paymaster.stripesandbox.StripeSandboxApplication;
import dev.paymaster.system.process.Node.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.support.GenericApplicationContext;

/** Runs one part of a deployment as a process of its own, until it is told to stop or whoever started it is gone. */
public final class Child {
    private static final int ORPHANED = 3;

    private static final String CLOCK_AHEAD = "paymaster.clock.ahead";

    private Child() {}

    /** How a part is started, with what it takes. */
    public static Launch launch(String part, List<String> arguments, Path logs) {
        List<String> all = Stream.concat(Stream.of(part), arguments.stream()).toList();
        return new Launch(Child.class.getName(), Map.of(), all, logs);
    }

    /** The option of Java with which a service's clock is ahead. */
    public static String clockAhead(Duration ahead) {
        return "-D" + CLOCK_AHEAD + "=" + ahead;
    }

    /**
     * Runs one part.
     *
     * @param arguments which one, and what it takes
     */
    public static void main(String[] arguments) throws InterruptedException {
        String part = arguments[0];
        String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
        switch (part) {
            case "broker" -> {
                endWithParent(() -> {});
                runBroker(rest);
            }
            case "stripe" -> {
                Path database = Path.of(rest[0]);
                endWithParent(() -> EmbeddedDatabase.stopLeftOver(database));
                StripeSandboxApplication.main(Arrays.copyOfRange(rest, 1, rest.length));
            }
            default -> {
                endWithParent(() -> {});
                runService(part, rest);
            }
        }
    }

    /**
     * The one who started this holds the other end of standard input, and never writes. One part also ends the database,
     * which is nobody's child.
     */
    private static void endWithParent(Runnable last) {
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // nobody writes
                }
                last.run();
            } catch (IOException e) {
                // as good as the end
            } finally {
                Runtime.getRuntime().halt(ORPHANED);
            }
        });
    }

    /** With its directory and port, and the two of a detour if there is one. */
    private static void runBroker(String[] arguments) {
        Path directory = Path.of(arguments[0]);
        int port = number(arguments[1]);
        EmbeddedBroker broker = arguments.length == 2
                ? EmbeddedBroker.start(directory, port)
                : EmbeddedBroker.start(directory, port, new Detour(number(arguments[2]), number(arguments[3])));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-close"));
    }

    /** As the service's own main method does, but for the clock. */
    private static void runService(String service, String[] arguments) {
        StopLimit.install();
        SpringApplicationBuilder application = switch (service) {
            case "gateway" -> GatewayApplication.application();
            case "credit-worker" -> CreditWorkerApplication.application();
            case "job-service" -> JobServiceApplication.application();
            case "payout-worker" -> PayoutWorkerApplication.application();
            default -> throw new IllegalArgumentException("no such service: " + service);
        };
        Duration ahead = Duration.parse(System.getProperty(CLOCK_AHEAD, Duration.ZERO.toString()));
        if (!ahead.isZero()) {
            application.initializers((GenericApplicationContext context) ->
                    context.registerBean("clock", Clock.class, () -> Clock.offset(Clock.systemUTC(), ahead)));
        }
        application.run(arguments);
    }

    private static int number(String text) {
        return Integer.parseInt(text);
    }
}
