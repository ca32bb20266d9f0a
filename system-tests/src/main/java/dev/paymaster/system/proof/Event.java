package dev.paymaster.system.proof;

import dev.paymaster.events.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A record of an event topic, read. */
record Event(Envelope envelope, JsonNode data) {
    private static final JsonMapper JSON = JsonMapper.shared();

    static Event of(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        return new Event(Envelope.fromHeaders(headers), JSON.readTree(record.value()));
    }

    /** Whom it is about and the how manieth fact of him it tells; only for those that have a number. */
    String fact() {
        return envelope.subject() + " #" + envelope.sequence();
    }

    boolean isNumbered() {
        return envelope.sequence() != null;
    }
}
