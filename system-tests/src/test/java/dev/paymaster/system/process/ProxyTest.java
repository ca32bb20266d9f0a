package dev.paymaster.system.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProxyTest {
    private static final int SILENCE_MILLIS = 300;
    private static final int LIMIT_MILLIS = 20_000;

    private final Echo echo = new Echo();
    private final Proxy proxy = Proxy.start("echo", List.of(unused(), echo.port()));
    private final List<Socket> clients = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        proxy.close();
        echo.close();
    }

    @Test
    void passesWhatComesAndGoesPastATargetThatIsAway() throws IOException {
        assertThat(echoed(connect(), 7)).isEqualTo(7);
        assertThat(echoed(connect(), 8)).isEqualTo(8);
    }

    @Test
    void keepsBackWhatIsSentWhileItIsSilent() throws IOException {
        Socket client = connect();
        assertThat(echoed(client, 1)).isEqualTo(1);

        proxy.silence();
        client.getOutputStream().write(2);
        client.setSoTimeout(SILENCE_MILLIS);
        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> client.getInputStream().read());
        proxy.heal();

        client.setSoTimeout(LIMIT_MILLIS);
        assertThat(client.getInputStream().read()).isEqualTo(2);
    }

    @Test
    void keepsAnswersBackWhileQuestionsPass() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Proxy way = Proxy.start("one", List.of(server.getLocalPort()));
                Socket client = new Socket(InetAddress.getLoopbackAddress(), way.port());
                Socket target = server.accept()) {
            way.holdAnswers();
            client.getOutputStream().write(1);
            target.setSoTimeout(LIMIT_MILLIS);
            assertThat(target.getInputStream().read()).isEqualTo(1);
            target.getOutputStream().write(2);
            client.setSoTimeout(SILENCE_MILLIS);
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> client.getInputStream().read());

            way.heal();

            client.setSoTimeout(LIMIT_MILLIS);
            assertThat(client.getInputStream().read()).isEqualTo(2);
        }
    }

    @Test
    void takesItsTime() throws IOException {
        Socket client = connect();
        assertThat(echoed(client, 1)).isEqualTo(1);
        proxy.delay(Duration.ofMillis(SILENCE_MILLIS));

        long began = System.nanoTime();
        assertThat(echoed(client, 2)).isEqualTo(2);

        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isGreaterThanOrEqualTo(Duration.ofMillis(SILENCE_MILLIS));
    }

    @Test
    void cutsConnectionsThatAreOpenAndTakesNewOnes() throws IOException {
        Socket client = connect();
        assertThat(echoed(client, 1)).isEqualTo(1);

        proxy.cut(100, new Random(1));

        assertThatExceptionOfType(SocketException.class).isThrownBy(() -> echoed(client, 2));
        assertThat(echoed(connect(), 3)).isEqualTo(3);
    }

    @Test
    void refusesNewConnectionsUntilItIsHealed() throws IOException {
        proxy.refuse();
        assertThatExceptionOfType(SocketException.class).isThrownBy(() -> echoed(connect(), 1));

        proxy.heal();

        assertThat(echoed(connect(), 2)).isEqualTo(2);
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        client.setSoTimeout(LIMIT_MILLIS);
        clients.add(client);
        return client;
    }

    /** What comes back; whoever was cut off hears a reset, or nothing any more. */
    private static int echoed(Socket client, int sent) throws IOException {
        client.getOutputStream().write(sent);
        int came = client.getInputStream().read();
        if (came < 0) {
            throw new SocketException("the connection ended");
        }
        return came;
    }

    private static int unused() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends back every byte. */
    private static final class Echo implements AutoCloseable {
        private final ServerSocket server;

        Echo() {
            try {
                server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return server.getLocalPort();
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    Socket client = server.accept();
                    Thread.ofVirtual().start(() -> echo(client));
                } catch (IOException e) {
                    return;
                }
            }
        }

        private static void echo(Socket client) {
            try (client) {
                client.getInputStream().transferTo(client.getOutputStream());
            } catch (IOException e) {
                // the other side is gone
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
