package dev.paymaster.standalone;

import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.embedded.EmbeddedDatabase;
import dev.paymaster.stripesandbox.StripeSandbox;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Everything of Paymaster in this JVM, started and connected. Several can run at once, each on its own data directory and
 * ports.
 *
 * <p>Thread-safe. {@link #close()} stops the gateway first, then the workers, the sandbox, the broker and the database, so
 * that whatever still works finds what it works with; it waits for a step of the start that is under way.
 */
public final class Standalone implements AutoCloseable {
    /** No single step of a start takes longer, or its outcome no longer matters to whoever wants to stop. */
    private static final Duration STEP_LIMIT = Duration.ofSeconds(15);
    /** Waiting for every partition's position takes a second or two; a loaded CI machine takes its time. */
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);

    private static final String DATABASE = "database";

    private final Settings settings;
    private final StandalonePorts ports;
    private final Progress progress;
    private final DataLock lock;
    private final String adminKey;
    private final ReentrantLock lifecycle = new ReentrantLock();
    private final Closing closing = new Closing();
    private volatile boolean stopping;
    private volatile @Nullable EmbeddedBroker broker;
    private volatile @Nullable EmbeddedDatabase databaseServer;
    private volatile @Nullable LocalStripe localStripe;
    private volatile @Nullable Infrastructure infrastructure;
    private volatile @Nullable Services services;

    private Standalone(Settings settings, Progress progress, DataLock lock) {
        this.settings = settings;
        this.progress = progress;
        this.lock = lock;
        this.ports = settings.ports().chosen();
        this.adminKey = AdminKey.readOrCreate(adminKeyFile(), new SecureRandom());
    }

    /**
     * Starts everything and returns when the gateway is ready.
     *
     * @throws StartRefused in one line, when the directory or a port is in use or a setting is missing
     */
    public static Standalone start(Settings settings) {
        Standalone standalone = prepare(settings, Progress.SILENT);
        try {
            standalone.launch();
            return standalone;
        } catch (RuntimeException e) {
            standalone.close();
            throw e;
        }
    }

    /** Takes the directory and checks the ports, but starts nothing yet. */
    static Standalone prepare(Settings settings, Progress progress) {
        DataLock lock = DataLock.acquire(settings.dataDirectory());
        try {
            // A process that was killed left its server behind, which still holds our port.
            EmbeddedDatabase.stopLeftOver(settings.dataDirectory().resolve(DATABASE));
            settings.ports().requireFree();
            return new Standalone(settings, progress, lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Starts what {@link #prepare} prepared; once. Whoever calls it closes this also when it fails. */
    void launch() {
        lifecycle.lock();
        try {
            // Spring Boot would configure logging once per service and take away what the services before it log to.
            if (System.getProperty(Logging.SPRING_SWITCH) == null) {
                System.setProperty(Logging.SPRING_SWITCH, "none");
            }
            Infrastructure ready = step("Kafka and PostgreSQL", this::startInfrastructure);
            infrastructure = ready;
            StripeConnection stripe = connectStripe();
            Services started =
                    new Services(new ServiceArguments(ready, ports, stripe, adminKey, settings.properties()));
            services = started;
            closing.add("the services", () -> {
                RunningInstance.delete(settings.dataDirectory());
                started.stopAll();
            });
            step("Gateway and workers", () -> {
                started.startAll();
                Readiness.await(managementUrl().resolve("/actuator/health/readiness"), READY_LIMIT);
                return started;
            });
            RunningInstance.of(this).write(settings.dataDirectory());
        } finally {
            lifecycle.unlock();
        }
    }

    private Infrastructure startInfrastructure() {
        if (settings.infrastructure().isPresent()) {
            return settings.infrastructure().get();
        }
        Parallel.run(List.of(
                () -> {
                    EmbeddedDatabase started = EmbeddedDatabase.start(directory(DATABASE), ports.database());
                    databaseServer = started;
                    closing.addLast("PostgreSQL", started);
                },
                () -> {
                    EmbeddedBroker started = EmbeddedBroker.start(directory("kafka"), ports.kafka());
                    broker = started;
                    closing.add("Kafka", started);
                }));
        return new Infrastructure(
                embedded(broker).bootstrapServers(), embedded(databaseServer).paymaster());
    }

    private StripeConnection connectStripe() {
        return switch (settings.stripe()) {
            case OFF -> StripeConnection.off();
            case ENV -> StripeConnection.of(settings.environment());
            case SANDBOX ->
                step("Stripe sandbox", () -> {
                    LocalStripe started =
                            LocalStripe.start(ports.sandbox(), directory("stripe-sandbox.json"), webhookUrl());
                    localStripe = started;
                    closing.add("the Stripe sandbox", started);
                    return started.connection();
                });
        };
    }

    private <T> T step(String name, Supplier<T> work) {
        if (stopping) {
            throw new StartRefused("stopped while starting");
        }
        progress.begins(name);
        T result = work.get();
        progress.ends(name);
        return result;
    }

    /** Stops one service and leaves the others running, to see how they do without it. */
    public void stop(Service service) {
        started(services).stop(service);
    }

    /** Starts a service that was stopped. */
    public void start(Service service) {
        started(services).start(service);
    }

    /** The application context of a running service. */
    public ConfigurableApplicationContext context(Service service) {
        return started(services).context(service);
    }

    /** Where the HTTP API is. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + ports.http());
    }

    /** Where the gateway's health and metrics are. */
    public URI managementUrl() {
        return URI.create("http://127.0.0.1:" + ports.management());
    }

    /** Where Stripe's events go. */
    public URI webhookUrl() {
        return url().resolve("/api/stripe/webhook");
    }

    public StandalonePorts ports() {
        return ports;
    }

    public StripeMode stripe() {
        return settings.stripe();
    }

    /** Authenticates as an administrator. */
    public String adminKey() {
        return adminKey;
    }

    public Path adminKeyFile() {
        return settings.dataDirectory().resolve("admin.key");
    }

    public String bootstrapServers() {
        return started(infrastructure).bootstrapServers();
    }

    public Database database() {
        return started(infrastructure).database();
    }

    /** The embedded broker, to stop and start it under load. */
    public EmbeddedBroker broker() {
        return embedded(broker);
    }

    /** The embedded database, to stop, crash and start it under load. */
    public EmbeddedDatabase databaseServer() {
        return embedded(databaseServer);
    }

    /** The local Stripe, when that is what the services talk to. */
    public Optional<StripeSandbox> sandbox() {
        return Optional.ofNullable(localStripe).map(LocalStripe::sandbox);
    }

    /** Stops everything in order. Closing again does nothing. */
    @Override
    public void close() {
        stopping = true;
        boolean settled = false;
        try {
            settled = lifecycle.tryLock(STEP_LIMIT.toSeconds(), TimeUnit.SECONDS);
            closing.run(progress);
            lock.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while stopping", e);
        } finally {
            if (settled) {
                lifecycle.unlock();
            }
        }
    }

    private Path directory(String name) {
        return settings.dataDirectory().resolve(name);
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("not started");
        }
        return part;
    }

    private static <T> T embedded(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("it is not embedded in this standalone");
        }
        return part;
    }
}
