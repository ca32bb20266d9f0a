package dev.paymaster.system.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * A way to somebody, on 127.0.0.1, that can be made slow, silent, closed, or cut. With several targets, connections go to
 * one after the other, and past those that refuse them. Thread-safe.
 */
public final class Proxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 << 10;
    private static final int BACKLOG = 256;
    /** On the loopback interface, a target that takes longer has a full backlog. */
    private static final int CONNECT_MILLIS = 1_000;

    private final String name;
    private final List<Integer> targets;
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger turn = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean silent;
    private boolean answersHeld;
    private volatile boolean refusing;
    private volatile Duration delay = Duration.ZERO;

    private Proxy(String name, ServerSocket server, List<Integer> targets) {
        this.name = name;
        this.server = server;
        this.targets = List.copyOf(targets);
    }

    /** Opens a way, on a free port. */
    public static Proxy start(String name, List<Integer> targets) {
        try {
            ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
            Proxy proxy = new Proxy(name, server, targets);
            proxy.threads.execute(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("no proxy to " + name, e);
        }
    }

    public String name() {
        return name;
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Whatever passes takes this much longer, in each direction. */
    public void delay(Duration each) {
        delay = each;
    }

    /** Nothing passes any more, and nobody is told; what is sent meanwhile comes when it speaks again. */
    public void silence() {
        setSilent(true, false);
    }

    /** What is asked passes; what is answered doesn't, and comes when it may. */
    public void holdAnswers() {
        setSilent(false, true);
    }

    /** Open connections are reset and new ones too. */
    public void refuse() {
        refusing = true;
        connections.forEach(Connection::reset);
    }

    /** Everything passes as it should. */
    public void heal() {
        refusing = false;
        delay = Duration.ZERO;
        setSilent(false, false);
    }

    /** Resets about so many of a hundred open connections, drawn at random. */
    public void cut(int percent, RandomGenerator random) {
        for (Connection connection : connections) {
            if (random.nextInt(100) < percent) {
                connection.reset();
            }
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the proxy to " + name + " does not close", e);
        } finally {
            heal();
            connections.forEach(Connection::reset);
            threads.shutdownNow();
        }
    }

    private void setSilent(boolean all, boolean answers) {
        lock.lock();
        try {
            silent = all;
            answersHeld = answers;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits as long as nothing of this direction may pass, and at least so long. */
    private void await(Duration late, boolean answers) throws InterruptedException {
        lock.lock();
        try {
            long leftNanos = late.toNanos();
            while (leftNanos > 0) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
            while (silent || (answers && answersHeld)) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                threads.execute(() -> join(client));
            } catch (IOException e) {
                // closed, or a client that is gone already
            }
        }
    }

    private void join(Socket client) {
        int first = turn.getAndIncrement();
        for (int i = 0; i < targets.size() && !refusing; i++) {
            Socket target = new Socket();
            try {
                int port = targets.get(Math.floorMod(first + i, targets.size()));
                target.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
                new Connection(client, target).pass();
                return;
            } catch (IOException e) {
                reset(target);
            }
        }
        reset(client);
    }

    /** Both directions of one. */
    private final class Connection {
        private final Socket client;
        private final Socket target;
        private final AtomicInteger ended = new AtomicInteger();

        Connection(Socket client, Socket target) {
            this.client = client;
            this.target = target;
        }

        void pass() throws IOException {
            client.setTcpNoDelay(true);
            target.setTcpNoDelay(true);
            connections.add(this);
            threads.execute(() -> pass(client, target, false));
            threads.execute(() -> pass(target, client, true));
            if (refusing) {
                reset();
            }
        }

        private void pass(Socket from, Socket to, boolean answers) {
            byte[] buffer = new byte[BUFFER_BYTES];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    await(delay, answers);
                    out.write(buffer, 0, read);
                }
                await(Duration.ZERO, answers);
                to.shutdownOutput();
                if (ended.incrementAndGet() == 2) {
                    connections.remove(this);
                    from.close();
                    to.close();
                }
            } catch (IOException e) {
                reset();
            } catch (InterruptedException e) {
                reset();
                Thread.currentThread().interrupt();
            }
        }

        void reset() {
            connections.remove(this);
            Proxy.reset(client);
            Proxy.reset(target);
        }
    }

    /** Closes it so that the other side notices at once. */
    private static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // closed already
        }
    }
}
