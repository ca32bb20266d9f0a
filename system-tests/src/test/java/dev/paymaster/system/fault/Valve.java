package dev.paymaster.system.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A way to a server that can be shut: connections stay, new ones are taken, and nothing gets through any more. */
final class Valve implements AutoCloseable {
    private final ServerSocket door;
    private final int behind;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger taken = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean shut;

    private Valve(int behind) throws IOException {
        this.behind = behind;
        this.shut = behind == 0;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::take);
    }

    static Valve to(int port) throws IOException {
        return new Valve(port);
    }

    /** One that nobody ever answers behind. */
    static Valve toNobody() throws IOException {
        return new Valve(0);
    }

    int port() {
        return door.getLocalPort();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** How many connections have been made. */
    int taken() {
        return taken.get();
    }

    void shut() {
        shut = true;
    }

    private void take() {
        try {
            while (true) {
                Socket client = door.accept();
                sockets.add(client);
                taken.incrementAndGet();
                if (!shut) {
                    connect(client);
                }
            }
        } catch (IOException e) {
            closed.countDown();
        }
    }

    private void connect(Socket client) {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), behind);
            sockets.add(server);
            Thread.ofVirtual().start(() -> pump(client, server));
            Thread.ofVirtual().start(() -> pump(server, client));
        } catch (IOException e) {
            drop(client);
        }
    }

    private void pump(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (shut) {
                    closed.await();
                    return;
                }
                out.write(buffer, 0, length);
            }
        } catch (IOException e) {
            drop(to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void drop(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("a socket can't be closed", e);
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        door.close();
        sockets.forEach(Valve::drop);
    }
}
