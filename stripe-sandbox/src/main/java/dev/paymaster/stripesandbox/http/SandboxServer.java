package dev.paymaster.stripesandbox.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The JDK's HTTP server with one virtual thread per exchange, and limits. */
public final class SandboxServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SandboxServer.class.getName());
    /** Stripe's forms are kilobytes; a megabyte is a mistake. */
    private static final int MAX_BODY_BYTES = 1 << 20;
    /** Bodies held in memory at once stay below 2 GiB even if all were of the largest size. */
    private static final int MAX_CONCURRENT = 2_000;

    private static final int BACKLOG = 1_024;
    /** Nothing in an exchange waits that isn't interruptible. */
    private static final int CLOSE_SECONDS = 5;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore permits = new Semaphore(MAX_CONCURRENT);

    /**
     * Binds at once, answers after {@link #start}.
     *
     * @throws UncheckedIOException when the address is in use or isn't this machine's
     */
    public SandboxServer(String host, int port, Function<Request, Reply> handler) {
        configure();
        try {
            server = HttpServer.create(new InetSocketAddress(host, port), BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException("The Stripe sandbox cannot listen on " + host + ":" + port, e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> handle(exchange, handler));
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public void start() {
        server.start();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        try {
            // An exchange that is interrupted ends at once: what it changed is saved, its answer is lost.
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, "An exchange did not end within " + CLOSE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The JDK's server takes its options from system properties, once per process. Without them small answers wait for
     * delayed acknowledgements, and connections that a pool keeps are closed under its feet after 30 seconds.
     */
    private static void configure() {
        setDefault("sun.net.httpserver.nodelay", "true");
        setDefault("sun.net.httpserver.maxIdleConnections", "10000");
        setDefault("sun.net.httpserver.idleInterval", "600");
        setDefault("sun.net.httpserver.maxReqTime", "60");
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private void handle(HttpExchange exchange, Function<Request, Reply> handler) throws IOException {
        permits.acquireUninterruptibly();
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
            Reply reply = body.length > MAX_BODY_BYTES
                    ? Reply.text(413, "text/plain", "The request is larger than 1 MiB.\n")
                    : handler.apply(read(exchange, body));
            write(exchange, reply);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "The sandbox failed on " + exchange.getRequestURI(), e);
            throw e;
        } finally {
            permits.release();
        }
    }

    private static Request read(HttpExchange exchange, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        String query = exchange.getRequestURI().getRawQuery();
        String path = exchange.getRequestURI().getRawPath();
        return new Request(
                exchange.getRequestMethod(),
                path.isEmpty() ? "/" : path,
                query == null ? "" : query,
                headers,
                new String(body, StandardCharsets.ISO_8859_1));
    }

    private static void write(HttpExchange exchange, Reply reply) throws IOException {
        switch (reply) {
            case Reply.Cut cut -> exchange.close();
            case Reply.Answer answer -> send(exchange, answer, answer.body().length);
            case Reply.Truncated truncated ->
                send(exchange, truncated.answer(), truncated.answer().body().length / 2);
        }
    }

    private static void send(HttpExchange exchange, Reply.Answer answer, int bytes) throws IOException {
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        int length = answer.body().length;
        exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
        OutputStream out = exchange.getResponseBody();
        out.write(answer.body(), 0, bytes);
        out.flush();
    }
}
