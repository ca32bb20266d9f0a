package dev.paymaster.standalone.demo;

import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The three topics of facts, read as an integration reads them, from the moment this was made. Shows the events of the
 * story's people and jobs and hides everybody else's. Not thread-safe.
 */
final class Events implements AutoCloseable {
    private static final List<String> FACTS = List.of(Topics.CREDIT_EVENTS, Topics.JOB_EVENTS, Topics.PAYOUT_EVENTS);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final JsonMapper JSON = JsonMapper.shared();
    /** What an event's line shows of its data, in this order, where it is there. */
    private static final List<String> SHOWN = List.of(
            "status",
            "amount",
            "available",
            "held",
            "debt",
            "credit_cost",
            "payout_cents",
            "amount_cents",
            "code",
            "reason",
            "transfer_id",
            "ref");

    private final Screen screen;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Set<String> ours = new HashSet<>();
    private final List<Seen> seen = new ArrayList<>();

    Events(Screen screen, String bootstrapServers) {
        this.screen = screen;
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = FACTS.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // Asking for the position is what makes the end of now the starting point.
        partitions.forEach(consumer::position);
    }

    /** From now on, events that mention this user or job are shown. */
    void follow(String id) {
        ours.add(id);
    }

    /** Reads on until an event of this type has come that mentions the id, and returns its data. */
    JsonNode await(String type, String id) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            for (Seen event : seen) {
                if (event.type().equals(type) && event.mentions(id)) {
                    return event.data();
                }
            }
            if (System.nanoTime() > deadline) {
                throw new StoryFailed("no event " + type + " for " + id + " within " + LIMIT.toSeconds() + " s");
            }
            for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
                take(message);
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> message) {
        String text = new String(message.value(), StandardCharsets.UTF_8);
        if (ours.stream().noneMatch(text::contains)) {
            return;
        }
        Envelope envelope = Envelope.fromHeaders(headers(message));
        // dev.paymaster.JobCreated.v1 is JobCreated to a reader.
        String[] words = envelope.type().split("\\.", -1);
        Seen event = new Seen(words[words.length - 2], text, JSON.readTree(text));
        seen.add(event);
        screen.event(message.topic(), event.type(), event.details());
    }

    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> message) {
        return StreamSupport.stream(message.headers().spliterator(), false)
                .collect(Collectors.toMap(
                        Header::key,
                        header -> new String(header.value(), StandardCharsets.UTF_8),
                        (first, last) -> last));
    }

    @Override
    public void close() {
        consumer.close();
    }

    private record Seen(String type, String text, JsonNode data) {
        boolean mentions(String id) {
            return text.contains(id);
        }

        /** The telling fields, wherever in the data they are. */
        String details() {
            return SHOWN.stream()
                    .map(name -> {
                        JsonNode value = data.findValue(name);
                        return value == null || value.isNull() || value.isContainer()
                                ? ""
                                : name + " " + value.asString();
                    })
                    .filter(part -> !part.isEmpty())
                    .collect(Collectors.joining(", "));
        }
    }
}
