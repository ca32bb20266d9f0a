package dev.paymaster.system.proof;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.Topics;
import dev.paymaster.system.world.World;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All rules at once, about a Paymaster at rest. */
public final class Invariants {
    /** A record with this header is meant to become a dead letter. */
    public static final String MEANT_TO_FAIL = "test_meant_to_fail";

    private static final JsonMapper JSON = JsonMapper.shared();

    /** Events follow their commit by a moment, but not by more. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Map<World, Invariants> KNOWN = new ConcurrentHashMap<>();

    private final World world;
    private volatile boolean wereBroken;

    private Invariants(World world) {
        this.world = world;
    }

    /** Those of a Paymaster; always the same, as what is broken once stays so. */
    public static Invariants of(World world) {
        return KNOWN.computeIfAbsent(world, Invariants::new);
    }

    /** Fails, with every broken rule, unless all of them hold, soon at the latest; at once when they were broken before. */
    public void check() {
        Duration patience = wereBroken ? Duration.ofSeconds(1) : PATIENCE;
        wereBroken = true;
        eventually("invariants")
                .atMost(patience)
                .untilAsserted(() -> assertThat(broken()).isEmpty());
        wereBroken = false;
    }

    private List<String> broken() throws SQLException {
        List<String> broken = new ArrayList<>();
        try (Connection connection = world.database().connect()) {
            broken.addAll(broken(connection));
            broken.addAll(EventRules.broken(connection, world.kafka()));
            broken.add(deadLetters());
            if (world.hasStripe()) {
                broken.addAll(TransferRules.broken(
                        TransferRules.paid(connection),
                        TransferRules.made(world.stripe().transfers())));
                broken.add(lostWebhooks());
            }
        }
        broken.removeIf(String::isEmpty);
        return broken;
    }

    /** The rules about the database alone, as this connection sees it. */
    static List<String> broken(Connection connection) throws SQLException {
        List<String> broken = new ArrayList<>();
        for (List<Rule> rules : List.of(LedgerRules.ALL, JobRules.ALL, MoneyRules.ALL)) {
            for (Rule rule : rules) {
                broken.add(rule.broken(connection));
            }
        }
        broken.removeIf(String::isEmpty);
        return broken;
    }

    private String deadLetters() {
        Set<String> meantToFail = world.meantToFail();
        List<String> letters = new ArrayList<>();
        for (String topic : Topics.all()) {
            world.kafka().read(Topics.deadLetters(topic)).stream()
                    .filter(letter -> letter.headers().lastHeader(MEANT_TO_FAIL) == null)
                    .filter(letter -> !meantToFail.contains(header(letter, "ce_id")))
                    .map(letter -> letter.topic() + " " + letter.headers())
                    .forEach(letters::add);
        }
        return Rule.broken("nothing is in the dead letters", letters);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** What was answered 200 is in Kafka, where it can't get lost any more. */
    private String lostWebhooks() {
        Set<String> taken = world.kafka().read(Topics.STRIPE_EVENTS).stream()
                .filter(event -> event.headers().lastHeader(MEANT_TO_FAIL) == null)
                .map(event -> JSON.readTree(new String(event.value(), StandardCharsets.UTF_8)))
                .map(event -> event.path("id").asString(""))
                .collect(Collectors.toSet());
        List<String> lost = world.stripe().deliveries().stream()
                .filter(delivery -> delivery.path("state").asString("").equals("succeeded"))
                .map((JsonNode delivery) -> delivery.path("event").asString(""))
                .filter(event -> !taken.contains(event))
                .toList();
        return Rule.broken("a webhook that was answered 200 is in " + Topics.STRIPE_EVENTS, lost);
    }
}
