package dev.paymaster.stripesandbox;

import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.Lists;
import dev.paymaster.stripesandbox.api.Router;
import dev.paymaster.stripesandbox.billing.Billing;
import dev.paymaster.stripesandbox.connect.Connect;
import dev.paymaster.stripesandbox.control.Control;
import dev.paymaster.stripesandbox.events.Deliveries;
import dev.paymaster.stripesandbox.events.EventCalls;
import dev.paymaster.stripesandbox.events.EventLog;
import dev.paymaster.stripesandbox.events.WebhookEndpoints;
import dev.paymaster.stripesandbox.events.WebhookPost;
import dev.paymaster.stripesandbox.faults.Faults;
import dev.paymaster.stripesandbox.http.Reply;
import dev.paymaster.stripesandbox.http.Request;
import dev.paymaster.stripesandbox.http.SandboxServer;
import dev.paymaster.stripesandbox.idempotency.IdempotencyKeys;
import dev.paymaster.stripesandbox.pages.Pages;
import dev.paymaster.stripesandbox.state.Ids;
import dev.paymaster.stripesandbox.state.Journal;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Store;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A running local Stripe. Thread-safe.
 *
 * <pre>{@code
 * try (StripeSandbox stripe = StripeSandbox.start(SandboxSettings.defaults())) {
 *     String secret = stripe.addWebhook(URI.create("http://localhost:3000/api/stripe/webhook"), false);
 *     Map<String, String> prices = stripe.prices(Map.of("starter", 1000));
 *     StripeClient client = StripeClient.builder()
 *             .setApiKey(stripe.secretKey()).setApiBase(stripe.baseUrl().toString()).build();
 * }
 * }</pre>
 */
public final class StripeSandbox implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(StripeSandbox.class.getName());
    /** How late a renewal may be that comes by real time; moving the clock doesn't wait for this. */
    private static final Duration TICK = Duration.ofSeconds(2);

    private final SandboxSettings settings;
    private final Store store;
    private final SandboxServer server;
    private final Deliveries deliveries;
    private final WebhookEndpoints webhooks;
    private final Billing billing;
    private final List<Endpoint> endpoints;
    private final ApiDoor api;
    private final ControlDoor control;
    private final Pages pages;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sandbox-clock").factory());

    private StripeSandbox(SandboxSettings settings) {
        this.settings = settings;
        // The port is taken first, so that a second sandbox never touches the snapshot of a running one.
        server = new SandboxServer(settings.host(), settings.port(), this::handle);
        store = new Store(settings.snapshot() == null ? null : new Journal(settings.snapshot()));
        Ids ids = new Ids(new SecureRandom());
        SandboxClock clock = new SandboxClock(settings.clock(), store);
        Faults faults = new Faults();
        Lists lists = new Lists(store);
        deliveries = new Deliveries(store, ids, clock, faults, new WebhookPost(settings.webhookTimeout()));
        EventLog events = new EventLog(store, ids, clock, faults, deliveries);
        webhooks = new WebhookEndpoints(store, ids, clock, lists);
        Billing.Tools tools = new Billing.Tools(store, ids, clock, events, lists, publicUrl());
        billing = new Billing(tools);
        Connect connect = new Connect(tools, billing.balance());
        endpoints = new ArrayList<>(billing.endpoints());
        endpoints.addAll(connect.endpoints());
        endpoints.addAll(webhooks.endpoints());
        endpoints.addAll(new EventCalls(store, lists).endpoints());
        RateLimiter limiter = new RateLimiter(settings.rateLimits(), System::nanoTime);
        api = new ApiDoor(store, ids, new Router(endpoints), new IdempotencyKeys(store, clock), faults, limiter);
        List<Control> controls = Stream.<Control.Group>of(billing, connect, webhooks)
                .flatMap(group -> group.controls().stream())
                .toList();
        control = new ControlDoor(store, clock, billing, controls, deliveries, faults);
        pages = new Pages(store, billing, connect.onboarding());
    }

    /**
     * Starts a sandbox and returns when it answers.
     *
     * @throws java.io.UncheckedIOException when the port is taken or the snapshot can't be read or written
     * @throws IllegalStateException when the snapshot is damaged
     */
    public static StripeSandbox start(SandboxSettings settings) {
        StripeSandbox sandbox = new StripeSandbox(settings);
        sandbox.deliveries.resume();
        var _ = sandbox.ticker.scheduleWithFixedDelay(
                sandbox::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        sandbox.server.start();
        return sandbox;
    }

    /** Where the API is; what {@code STRIPE_API_BASE} and stripe-java's {@code setApiBase} take. No trailing slash. */
    public URI baseUrl() {
        String host = settings.host().equals("0.0.0.0") ? "127.0.0.1" : settings.host();
        return URI.create("http://" + host + ":" + server.port());
    }

    public String secretKey() {
        return settings.secretKey();
    }

    /**
     * Makes sure that an endpoint for all events exists, and returns the secret that signs its deliveries: the same as
     * before if there was one for this URL and side already, also across restarts with a snapshot.
     *
     * @param connect true for the events of connected accounts, false for the platform's own; no endpoint gets both
     */
    public String addWebhook(URI url, boolean connect) {
        return store.transact(() -> webhooks.ensure(url.toString(), connect, null));
    }

    /** As {@link #addWebhook(URI, boolean)}, signed with a secret that the listener already knows. */
    public String addWebhook(URI url, boolean connect, String secret) {
        return store.transact(() -> webhooks.ensure(url.toString(), connect, secret));
    }

    /**
     * Makes sure that there is a product with a monthly price in US dollars for each name, and returns the price ids by
     * name, in the order given. An id follows from the name ({@code price_paymaster_<name>}) and never changes; a new
     * amount counts for new subscriptions only.
     */
    public Map<String, String> prices(Map<String, Integer> tierToCents) {
        return prices(tierToCents, "usd");
    }

    /** As {@link #prices(Map)}, in another currency. */
    public Map<String, String> prices(Map<String, Integer> tierToCents, String currency) {
        return store.transact(() -> {
            Map<String, String> ids = new LinkedHashMap<>();
            tierToCents.forEach((tier, cents) -> ids.put(tier, billing.prices().ensureMonthly(tier, cents, currency)));
            return ids;
        });
    }

    /** Stops answering and delivering; with a snapshot, everything is in it when this returns. */
    @Override
    public void close() {
        server.close();
        ticker.shutdownNow();
        deliveries.close();
        store.close();
    }

    /** Every call that the API answers. */
    List<Endpoint> endpoints() {
        return List.copyOf(endpoints);
    }

    private URI publicUrl() {
        URI set = settings.publicUrl();
        return set == null ? baseUrl() : set;
    }

    private Reply handle(Request request) {
        if (request.path().startsWith("/v1/") || request.path().startsWith("/v2/")) {
            return api.handle(request);
        }
        return request.path().startsWith("/_sandbox/") ? control.handle(request) : pages.handle(request);
    }

    /** A failure must not end the ticker, which would stop the sandbox's time without a word. */
    private void tick() {
        try {
            billing.timeline().catchUp();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "The sandbox's time could not go on", e);
        }
    }
}
