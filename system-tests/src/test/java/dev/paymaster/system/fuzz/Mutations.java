package dev.paymaster.system.fuzz;

import dev.paymaster.events.Envelope;
import dev.paymaster.system.proof.Findings;
import dev.paymaster.system.world.KafkaLog;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A record that has had its effect, once more and with something wrong: it has no effect any more, or none at all. It keeps
 * its id, so that what can still be read is a repetition.
 */
final class Mutations {
    static final List<Integer> ANY = IntStream.range(0, 13).boxed().toList();

    /** Nobody can take these for a message, whether it has had its effect or not. */
    static final List<Integer> UNREADABLE = List.of(0, 1, 2, 12);

    private static final List<String> HEADERS = List.of(
            Envelope.HEADER_ID,
            Envelope.HEADER_SOURCE,
            Envelope.HEADER_TYPE,
            Envelope.HEADER_SUBJECT,
            Envelope.HEADER_TIME);

    /** Kafka takes it, and Java writes no text that is this long. */
    private static final String LONG_NAME = "x".repeat(70_000);

    /** Near what a producer sends without being told that it may send more. */
    private static final int HUGE = 900_000;

    private Mutations() {}

    static String type(ConsumerRecord<byte[], byte[]> record) {
        return KafkaLog.header(record, Envelope.HEADER_TYPE);
    }

    /** @param partition where it goes, whatever its key says */
    static ProducerRecord<byte[], byte[]> of(
            ConsumerRecord<byte[], byte[]> record, int kind, int partition, Random random) {
        byte[] value = record.value();
        byte[] key = record.key();
        String dropped = "";
        String wrong = "";
        boolean doubled = false;
        boolean longName = false;
        List<String> names = names(record);
        switch (kind) {
            case 0 -> value = null;
            case 1 -> value = unreadable(value, random);
            case 2 -> value = java.util.Arrays.copyOf(value, random.nextInt(value.length));
            case 3 -> value = withField(value, random, "null");
            case 4 -> value = withField(value, random, Schemas.strange(random));
            case 5 -> dropped = names.get(random.nextInt(names.size()));
            // Not the id: a command under another id is another command.
            case 6 -> wrong = names.get(1 + random.nextInt(names.size() - 1));
            case 7 -> doubled = true;
            case 8 -> value = huge(value);
            case 9 -> key = null;
            case 10 -> key = new byte[] {(byte) 0xff, 0, (byte) 0xfe};
            case 11 -> longName = true;
            default ->
                value = Schemas.utf8(
                        List.of("null", "[]", "1", "\"\"", "[".repeat(5_000)).get(random.nextInt(5)));
        }
        ProducerRecord<byte[], byte[]> mutated = new ProducerRecord<>(record.topic(), partition, key, value);
        for (Header each : record.headers()) {
            if (!each.key().equals(dropped)) {
                mutated.headers().add(each.key(), each.key().equals(wrong) ? noise(random) : each.value());
            }
            if (doubled) {
                mutated.headers().add(each.key(), each.value());
            }
        }
        if (longName) {
            mutated.headers().add(LONG_NAME, noise(random));
        }
        mutated.headers().add(Findings.MEANT_TO_FAIL, Schemas.utf8(kind + " " + type(record)));
        return mutated;
    }

    /** A command under an id of its own, so that it is new: {@code field} of it is something strange. */
    static ProducerRecord<byte[], byte[]> fresh(
            String topic, String type, String key, ObjectNode command, String field, String by) {
        String mark = "mark-" + field;
        String text = command.deepCopy().put(field, mark).toString().replace("\"" + mark + "\"", by);
        ProducerRecord<byte[], byte[]> fresh = new ProducerRecord<>(topic, Schemas.utf8(key), Schemas.utf8(text));
        Envelope.of(UUID.randomUUID().toString(), "/test", type, key, Instant.now())
                .toHeaders()
                .forEach((name, value) -> fresh.headers().add(name, Schemas.utf8(value)));
        fresh.headers().add(Findings.MEANT_TO_FAIL, Schemas.utf8(field + " of " + type));
        return fresh;
    }

    /** Those that are read: of a dead letter, what it says of its record. */
    private static List<String> names(ConsumerRecord<byte[], byte[]> record) {
        List<String> ofLetter = java.util.stream.Stream.of(record.headers().toArray())
                .map(Header::key)
                .filter(name -> name.startsWith("dlt_"))
                .toList();
        return ofLetter.isEmpty() ? HEADERS : ofLetter;
    }

    private static byte[] noise(Random random) {
        byte[] noise = new byte[random.nextInt(40)];
        random.nextBytes(noise);
        return noise;
    }

    /** Bits flipped until it is no JSON, as another amount would be another truth. */
    private static byte[] unreadable(byte[] value, Random random) {
        byte[] flipped = value;
        do {
            flipped = Schemas.flipped(flipped, random);
        } while (isJson(flipped));
        return flipped;
    }

    static boolean isJson(byte @Nullable [] value) {
        if (value == null) {
            return false;
        }
        try {
            return Schemas.read(new String(value, StandardCharsets.UTF_8)).isObject();
        } catch (JacksonException e) {
            return false;
        }
    }

    /** One field, anywhere in it, replaced. */
    private static byte[] withField(byte[] value, Random random, String by) {
        JsonNode tree = Schemas.read(new String(value, StandardCharsets.UTF_8));
        List<ObjectNode> objects = new ArrayList<>();
        collect(tree, objects);
        objects.removeIf(ObjectNode::isEmpty);
        ObjectNode object = objects.get(random.nextInt(objects.size()));
        List<String> names = List.copyOf(object.propertyNames());
        String mark = "mark-" + random.nextLong();
        object.put(names.get(random.nextInt(names.size())), mark);
        return Schemas.utf8(tree.toString().replace("\"" + mark + "\"", by));
    }

    private static void collect(JsonNode node, List<ObjectNode> objects) {
        if (node instanceof ObjectNode object) {
            objects.add(object);
        }
        node.forEach(each -> collect(each, objects));
    }

    private static byte @Nullable [] huge(byte[] value) {
        String text = new String(value, StandardCharsets.UTF_8);
        return Schemas.utf8("{\"filler\":\"" + "x".repeat(HUGE) + "\"," + text.substring(text.indexOf('{') + 1));
    }
}
