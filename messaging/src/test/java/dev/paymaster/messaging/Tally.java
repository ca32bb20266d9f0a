package dev.paymaster.messaging;

import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Outbox;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** The smallest worker that can lose or double something: adds numbers up per key, and tells of each sum. */
final class Tally implements BatchHandler<Tally.Add> {
    static final String UNREADABLE = "unreadable";
    static final long POISON = 666;
    static final long CONSTRAINT_BREAKER = -1_000_000;

    private final JdbcOperations jdbc;
    private final String in;
    private final String out;
    private final EventWriter events = new EventWriter("/tally", Ids.timeOrdered(), Clock.systemUTC());

    /** A command, and (by its name) the type of the event that answers it. */
    record Add(String key, long amount) {}

    record Added(String key, long total) {}

    private record Sum(long total, long sequence) {}

    Tally(JdbcOperations jdbc, String in, String out) {
        this.jdbc = jdbc;
        this.in = in;
        this.out = out;
    }

    @Override
    public String consumer() {
        return "tally-of-" + in;
    }

    @Override
    public Set<String> topics() {
        return Set.of(in);
    }

    @Override
    public @Nullable Add decode(Inbound record) {
        String text = new String(record.value(), StandardCharsets.UTF_8);
        if (text.equals(UNREADABLE)) {
            throw new UnreadableRecordException("cannot be read, as the test wants it");
        }
        return Codec.read(record.value(), Add.class);
    }

    @Override
    public void handle(List<Message<Add>> batch, Outbox outbox) {
        Map<String, Sum> sums = load(batch);
        for (Message<Add> message : batch) {
            Add add = message.body();
            if (add.amount() == POISON) {
                throw new IllegalStateException("poison");
            }
            Sum before = sums.getOrDefault(add.key(), new Sum(0, 0));
            Sum after = new Sum(before.total() + add.amount(), before.sequence() + 1);
            sums.put(add.key(), after);
            Added event = new Added(add.key(), after.total());
            outbox.add(message, events.event(out, add.key(), add.key(), event, message, after.sequence()));
        }
        sums.forEach((key, sum) -> jdbc.update(
                "UPDATE tally SET total = ?, sequence = ? WHERE key = ?", sum.total(), sum.sequence(), key));
    }

    private Map<String, Sum> load(List<Message<Add>> batch) {
        Set<String> keys = new TreeSet<>();
        batch.forEach(message -> keys.add(message.body().key()));
        Map<String, Sum> sums = new LinkedHashMap<>();
        for (String key : keys) {
            jdbc.update("INSERT INTO tally (key) VALUES (?) ON CONFLICT DO NOTHING", key);
            jdbc.query(
                    "SELECT total, sequence FROM tally WHERE key = ? FOR UPDATE",
                    row -> {
                        sums.put(key, new Sum(row.getLong(1), row.getLong(2)));
                    },
                    key);
        }
        return sums;
    }
}
