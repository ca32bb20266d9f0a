package dev.paymaster.system.fault;

import dev.paymaster.embedded.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A broker in a process of its own, which can be frozen: it takes connections and answers nothing. */
final class BrokerProcess implements AutoCloseable {
    private final Process process;
    private final int port;

    private BrokerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static BrokerProcess start(Path directory, int port) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dpaymaster.log.file=" + directory.resolve("broker.log"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                directory.resolve("kafka").toString(),
                Integer.toString(port));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("broker.out").toFile())
                .start();
        return new BrokerProcess(process, port);
    }

    String servers() {
        return "127.0.0.1:" + port;
    }

    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException("SIG" + name + " could not be sent");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** What runs there. */
    static final class Main {
        private Main() {}

        public static void main(String[] arguments) throws InterruptedException {
            EmbeddedBroker.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
            Thread.currentThread().join();
        }
    }
}
