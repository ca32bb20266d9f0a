package dev.paymaster.system.chaos;

import dev.paymaster.credit.CreditWorkerApplication;
import dev.paymaster.embedded.Detour;
import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.embedded.EmbeddedDatabase;
import dev.paymaster.gateway.GatewayApplication;
import dev.paymaster.job.JobServiceApplication;
import dev.paymaster.messaging.lifetime.StopLimit;
import dev.paymaster.payout.PayoutWorkerApplication;
import dev.paymaster.stripesandbox.StripeSandboxApplication;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.support.GenericApplicationContext;

/** What each process of a chaos run runs: its part, until it is told to stop or whoever started it is gone. */
public final class Child {
    private static final int ORPHANED = 3;

    private Child() {}

    /**
     * Runs one part.
     *
     * @param arguments which one, how many seconds its clock is ahead, and what the part takes
     */
    public static void main(String[] arguments) throws InterruptedException {
        String part = arguments[0];
        Duration ahead = Duration.ofSeconds(Long.parseLong(arguments[1]));
        String[] rest = Arrays.copyOfRange(arguments, 2, arguments.length);
        switch (part) {
            case "broker" -> {
                endWithParent(() -> {});
                runBroker(Path.of(rest[0]), number(rest[1]), new Detour(number(rest[2]), number(rest[3])));
            }
            case "stripe" -> {
                Path database = Path.of(rest[0]);
                endWithParent(() -> EmbeddedDatabase.stopLeftOver(database));
                StripeSandboxApplication.main(Arrays.copyOfRange(rest, 1, rest.length));
            }
            default -> {
                endWithParent(() -> {});
                runService(part, ahead, rest);
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

    private static void runBroker(Path directory, int port, Detour detour) {
        EmbeddedBroker broker = EmbeddedBroker.start(directory, port, detour);
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-close"));
    }

    /** As the service's own main method does, but for the clock. */
    private static void runService(String service, Duration ahead, String[] arguments) {
        StopLimit.install();
        SpringApplicationBuilder application = switch (service) {
            case "gateway" -> GatewayApplication.application();
            case "credit-worker" -> CreditWorkerApplication.application();
            case "job-service" -> JobServiceApplication.application();
            case "payout-worker" -> PayoutWorkerApplication.application();
            default -> throw new IllegalArgumentException("no such service: " + service);
        };
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
