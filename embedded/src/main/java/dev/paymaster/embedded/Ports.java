package dev.paymaster.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** TCP ports on the loopback interface. Thread-safe. */
public final class Ports {
    /** Several are chosen before the first is bound, and the system may well name one twice. */
    private static final Set<Integer> HANDED_OUT = ConcurrentHashMap.newKeySet();

    /** Far more than it takes while most ports have not been handed out yet. */
    private static final int MAX_TRIES = 1_000;

    private Ports() {}

    /**
     * The given port, or a free one when it is 0. A free port is only known to have been free a moment ago:
     * another process may take it first, so whoever binds it must be ready to fail. This process is given each only once.
     *
     * @throws IllegalArgumentException when the port is outside 0..65535
     */
    public static int orFree(int port) {
        if (port != 0) {
            return new InetSocketAddress(port).getPort();
        }
        for (int i = 0; i < MAX_TRIES; i++) {
            int free = free();
            if (HANDED_OUT.add(free)) {
                return free;
            }
        }
        throw new IllegalStateException("every free port has been handed out already");
    }

    private static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on the loopback interface", e);
        }
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
