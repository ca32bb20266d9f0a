package dev.paymaster.system.chaos;

import dev.paymaster.events.Envelope;
import dev.paymaster.messaging.deadletter.DeadLetters;
import dev.paymaster.system.proof.Findings;
import dev.paymaster.system.world.KafkaLog;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Stripe's own events about money have left in schema {@code billing}, through whichever event that came, and the commands that
 * those about accounts and transfers have led to. Events that Paymaster has found at Stripe don't count: these mend what was lost.
 */
final class StripeEffects {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String FOUND_BY_PAYMASTER = "evt_paymaster_";
    private static final String READER = "credit-worker.billing";
    private static final String READER_FOR_PAYOUTS = "payout-intake";

    /** Each is told to the payouts of its receiver, whatever these make of it. */
    private static final Set<String> ABOUT_PAYOUTS =
            Set.of("account.updated", "account.application.deauthorized", "transfer.reversed");

    /** An invoice whose customer nobody knows is parked. */
    private static final String EFFECTS = """
            SELECT 'invoice ' || invoice_id FROM billing.invoice
            UNION SELECT 'invoice ' || invoice_id FROM billing.parked_invoice
            UNION SELECT 'pack ' || session_id FROM billing.top_up
            UNION SELECT kind || ' ' || reversal_id FROM billing.reversal
            UNION SELECT kind || ' ' || reversal_id || ' taken' FROM billing.reversal WHERE taken
            UNION SELECT kind || ' ' || reversal_id || ' returned' FROM billing.reversal WHERE returned
            UNION SELECT 'refunds of ' || payment_id FROM billing.reversal WHERE kind = 'refund'
            UNION SELECT 'refunds of ' || payment_id FROM billing.payment WHERE refunded_cents > 0""";

    private StripeEffects() {}

    static Set<String> in(Statement statement) throws SQLException {
        Set<String> effects = new HashSet<>();
        try (ResultSet row = statement.executeQuery(EFFECTS)) {
            while (row.next()) {
                effects.add(row.getString(1));
            }
        }
        return effects;
    }

    /** Which events have no effect, and are no dead letters either. */
    static List<String> missing(
            Collection<ConsumerRecord<byte[], byte[]>> events,
            Collection<ConsumerRecord<byte[], byte[]>> deadLetters,
            Set<String> effects) {
        return bodies(events, deadLetters, READER)
                .filter(event -> event.path("account").asString("").isEmpty())
                .flatMap(event -> of(event).stream()
                        .filter(effect -> !effects.contains(effect))
                        .map(effect -> event.path("id").asString("") + ": " + effect))
                .toList();
    }

    /** Which events about accounts and transfers have led to no command, and are no dead letters either. */
    static List<String> untold(
            Collection<ConsumerRecord<byte[], byte[]>> events,
            Collection<ConsumerRecord<byte[], byte[]>> deadLetters,
            Collection<ConsumerRecord<byte[], byte[]>> payoutCommands) {
        Set<String> told = payoutCommands.stream()
                .map(command -> KafkaLog.header(command, Envelope.HEADER_CAUSATION_ID))
                .collect(Collectors.toSet());
        return bodies(events, deadLetters, READER_FOR_PAYOUTS)
                .filter(event -> ABOUT_PAYOUTS.contains(event.path("type").asString("")))
                .filter(event -> !told.contains(event.path("id").asString("")))
                .map(event -> event.path("id").asString("") + ": a command to a receiver's payouts")
                .toList();
    }

    /** Of the events that are Stripe's own, and that this reader has not buried. */
    private static Stream<JsonNode> bodies(
            Collection<ConsumerRecord<byte[], byte[]>> events,
            Collection<ConsumerRecord<byte[], byte[]>> deadLetters,
            String reader) {
        Set<String> dead = deadLetters.stream()
                .filter(letter ->
                        KafkaLog.header(letter, DeadLetters.HEADER_CONSUMER).equals(reader))
                .map(letter -> KafkaLog.header(letter, Envelope.HEADER_ID))
                .collect(Collectors.toSet());
        return events.stream()
                .filter(event -> event.headers().lastHeader(Findings.MEANT_TO_FAIL) == null)
                .filter(event -> !dead.contains(KafkaLog.header(event, Envelope.HEADER_ID)))
                .map(event -> JSON.readTree(new String(event.value(), StandardCharsets.UTF_8)))
                .filter(event -> !event.path("id").asString("").startsWith(FOUND_BY_PAYMASTER));
    }

    private static List<String> of(JsonNode event) {
        JsonNode object = event.at("/data/object");
        String id = object.path("id").asString("");
        String status = object.path("status").asString("");
        return switch (event.path("type").asString("")) {
            case "invoice.paid" -> List.of("invoice " + id);
            case "checkout.session.completed", "checkout.session.async_payment_succeeded" ->
                isPaidPack(object) ? List.of("pack " + id) : List.of();
            case "charge.refunded" ->
                List.of("refunds of " + object.path("payment_intent").asString(id));
            case "refund.created", "refund.updated", "charge.refund.updated" ->
                status.equals("failed") || status.equals("canceled")
                        ? List.of("refund " + id + " returned")
                        : List.of("refund " + id);
            case "refund.failed" -> List.of("refund " + id + " returned");
            case "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed" ->
                status.equals("won") ? List.of("dispute " + id + " returned") : List.of("dispute " + id);
            case "charge.dispute.funds_withdrawn" -> List.of("dispute " + id + " taken");
            case "charge.dispute.funds_reinstated" -> List.of("dispute " + id);
            default -> List.of();
        };
    }

    private static boolean isPaidPack(JsonNode session) {
        return session.path("mode").asString("").equals("payment")
                && session.path("payment_status").asString("").equals("paid")
                && session.at("/metadata").has("pack");
    }
}
