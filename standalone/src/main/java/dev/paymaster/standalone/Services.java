package dev.paymaster.standalone;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.ConfigurableApplicationContext;

/** The running services. Thread-safe, as long as no one service is started twice at once. */
final class Services {
    private final ServiceArguments arguments;
    private final Map<Service, ConfigurableApplicationContext> contexts = new ConcurrentHashMap<>();

    Services(ServiceArguments arguments) {
        this.arguments = arguments;
    }

    /** Starts all at once; the slowest of them is mostly waiting for its turn at the database. */
    void startAll() {
        Parallel.run(Arrays.stream(Service.values())
                .<Runnable>map(service -> () -> start(service))
                .toList());
    }

    void start(Service service) {
        if (!contexts.containsKey(service)) {
            contexts.put(service, service.run(arguments.of(service)));
        }
    }

    void stop(Service service) {
        ConfigurableApplicationContext context = contexts.remove(service);
        if (context != null) {
            context.close();
        }
    }

    /** The gateway first, so that nothing new comes in while the workers finish what they have. */
    void stopAll() {
        stop(Service.GATEWAY);
        List<Runnable> workers = new ArrayList<>();
        for (Service service : Service.values()) {
            workers.add(() -> stop(service));
        }
        Parallel.run(workers);
    }

    ConfigurableApplicationContext context(Service service) {
        ConfigurableApplicationContext context = contexts.get(service);
        if (context == null) {
            throw new IllegalStateException(service + " does not run");
        }
        return context;
    }
}
