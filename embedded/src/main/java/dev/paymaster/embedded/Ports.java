package dev.paymaster.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * TCP ports on the loopback interface. Thread-safe.
 *
 * <p>Free ones are taken from below the range that systems give to outgoing connections (from 32768 on Linux, from 49152
 * elsewhere). In it, a connection may sit on the port before its server does; and a client that goes on trying to reach
 * a server that is down may be given the server's own port and then talks to itself, so that the server can't come back.
 */
public final class Ports {
    private static final int FIRST = 12_000;
    private static final int COUNT = 20_000;

    /** Processes that start beside each other have neighbouring ids, so each looks first where the others don't. */
    private static final int BLOCK = 100;

    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * BLOCK % COUNT));

    private Ports() {}

    /**
     * The given port, or a free one when it is 0. A free port is only known to have been free a moment ago:
     * another process may take it first, so whoever binds it must be ready to fail. This process is given each only once,
     * until it has had all of them.
     *
     * @throws IllegalArgumentException when the port is outside 0..65535
     * @throws IllegalStateException when no port is free
     */
    public static int orFree(int port) {
        if (port != 0) {
            return new InetSocketAddress(port).getPort();
        }
        return IntStream.generate(() -> FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT))
                .limit(COUNT)
                .filter(Ports::isFree)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no free port from " + FIRST + " to " + (FIRST + COUNT - 1) + " on the loopback interface"));
    }

    /** Whether a server could listen on this port now, on 127.0.0.1 or on every interface. 0 always can. */
    public static boolean isFree(int port) {
        // Both, because macOS lets one bind where another listens on every interface.
        return canBind(new InetSocketAddress(port))
                && canBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static boolean canBind(InetSocketAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            // A server that closed a moment ago leaves connections in TIME_WAIT; they don't keep a new one out.
            socket.setReuseAddress(true);
            socket.bind(address, 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
