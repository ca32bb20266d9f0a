package dev.paymaster.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** The configuration of a single-node broker that shares its machine, and its JVM, with everything else. */
final class BrokerSettings {
    private BrokerSettings() {}

    static Properties of(Path data, int port, int controllerPort, Optional<Detour> detour) {
        Properties settings = new Properties();
        settings.putAll(node(data, port, controllerPort));
        detour.ifPresent(second -> second.addTo(settings));
        settings.putAll(SINGLE_NODE);
        settings.putAll(SMALL);
        settings.putAll(QUICK_TO_NOTICE);
        return settings;
    }

    private static Map<String, String> node(Path data, int port, int controllerPort) {
        return Map.of(
                "process.roles", "broker,controller",
                "node.id", "1",
                "controller.quorum.voters", "1@127.0.0.1:" + controllerPort,
                "controller.listener.names", "CONTROLLER",
                "inter.broker.listener.name", "PLAINTEXT",
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "advertised.listeners", "PLAINTEXT://127.0.0.1:" + port,
                "log.dirs", data.toString(),
                "auto.create.topics.enable", "false");
    }

    /** Nobody to replicate to. */
    private static final Map<String, String> SINGLE_NODE = Map.of(
            "default.replication.factor", "1",
            "min.insync.replicas", "1",
            "offsets.topic.replication.factor", "1",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "share.coordinator.state.topic.replication.factor", "1",
            "share.coordinator.state.topic.min.isr", "1");

    /** A handful of groups and about a hundred partitions: few threads, few internal partitions, small buffers. */
    private static final Map<String, String> SMALL = Map.ofEntries(
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("transaction.state.log.num.partitions", "4"),
            Map.entry("share.coordinator.state.topic.num.partitions", "4"),
            Map.entry("num.network.threads", "2"),
            Map.entry("num.io.threads", "4"),
            Map.entry("background.threads", "2"),
            Map.entry("num.recovery.threads.per.data.dir", "2"),
            Map.entry("log.cleaner.threads", "1"),
            // The cleaner only compacts the offsets topic: 2 MiB of keys at a time instead of 128.
            Map.entry("log.cleaner.dedupe.buffer.size", "2097152"),
            Map.entry("log.cleaner.io.buffer.size", "65536"),
            // Each partition maps two index files of this size; 64 MiB of log need 192 KiB of index, not 10 MiB.
            Map.entry("log.segment.bytes", "67108864"),
            Map.entry("log.index.size.max.bytes", "524288"),
            // Nobody reads the broker's own metrics over JMX here.
            Map.entry("metric.reporters", ""));

    /** After a hard stop the next start must not wait for the dead members' sessions (45 s by default). */
    private static final Map<String, String> QUICK_TO_NOTICE = Map.of(
            "group.initial.rebalance.delay.ms", "0",
            "group.consumer.min.heartbeat.interval.ms", "500",
            "group.consumer.heartbeat.interval.ms", "1000",
            "group.consumer.min.session.timeout.ms", "5000",
            "group.consumer.session.timeout.ms", "10000",
            "broker.heartbeat.interval.ms", "1000",
            "broker.session.timeout.ms", "6000");
}
