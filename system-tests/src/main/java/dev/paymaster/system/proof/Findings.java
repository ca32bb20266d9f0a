package dev.paymaster.system.proof;

import dev.paymaster.embedded.Database;
import dev.paymaster.events.Topics;
import dev.paymaster.system.world.KafkaLog;
import dev.paymaster.system.world.StripeControl;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What breaks the rules in a Paymaster at rest. */
public final class Findings {
    /** A record with this header is meant to become a dead letter, or to be passed over. */
    public static final String MEANT_TO_FAIL = "test_meant_to_fail";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Database database;
    private final KafkaLog kafka;
    private final Optional<StripeControl> stripe;

    public Findings(Database database, KafkaLog kafka, Optional<StripeControl> stripe) {
        this.database = database;
        this.kafka = kafka;
        this.stripe = stripe;
    }

    /**
     * Every rule that is broken, with what breaks it.
     *
     * @param meantToFail which dead letters there may be, besides those that say so themselves
     */
    public List<String> broken(Predicate<ConsumerRecord<byte[], byte[]>> meantToFail) throws SQLException {
        List<String> broken = new ArrayList<>();
        try (Connection connection = database.connect()) {
            broken.addAll(broken(connection));
            broken.addAll(EventRules.broken(connection, kafka));
            broken.add(deadLetters(meantToFail));
            if (stripe.isPresent()) {
                broken.addAll(TransferRules.broken(
                        TransferRules.paid(connection),
                        TransferRules.made(stripe.get().transfers())));
                broken.add(lostWebhooks(stripe.get()));
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

    private String deadLetters(Predicate<ConsumerRecord<byte[], byte[]>> meantToFail) {
        List<String> letters = new ArrayList<>();
        for (String topic : Topics.all()) {
            kafka.read(Topics.deadLetters(topic)).stream()
                    .filter(letter -> letter.headers().lastHeader(MEANT_TO_FAIL) == null)
                    .filter(letter -> !meantToFail.test(letter))
                    .map(letter -> letter.topic() + " " + letter.headers())
                    .forEach(letters::add);
        }
        return Rule.broken("nothing is in the dead letters", letters);
    }

    /** What was answered 200 is in Kafka, where it can't get lost any more. */
    private String lostWebhooks(StripeControl at) {
        Set<String> taken = kafka.read(Topics.STRIPE_EVENTS).stream()
                .filter(event -> event.headers().lastHeader(MEANT_TO_FAIL) == null)
                .map(event -> JSON.readTree(new String(event.value(), StandardCharsets.UTF_8)))
                .map(event -> event.path("id").asString(""))
                .collect(Collectors.toSet());
        List<String> lost = at.deliveries("succeeded").stream()
                .map((JsonNode delivery) -> delivery.path("event").asString(""))
                .filter(event -> !taken.contains(event))
                .collect(Collectors.toCollection(ArrayList::new));
        if (!at.remembersDeliveries()) {
            lost.add("nobody knows what: there were more than Stripe remembers");
        }
        return Rule.broken("a webhook that was answered 200 is in " + Topics.STRIPE_EVENTS, lost);
    }
}
