package dev.paymaster.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.paymaster.events.MessageTypes;
import dev.paymaster.events.credit.CreditCommand;
import dev.paymaster.events.credit.CreditEvent;
import dev.paymaster.events.job.JobCommand;
import dev.paymaster.events.job.JobEvent;
import dev.paymaster.events.payout.PayoutCommand;
import dev.paymaster.events.payout.PayoutEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever stands in a record is a message that says the same when it is written again, or unreadable. */
class MessageFuzzTest {
    private static final String ID = "\"01a22640-6629-7734-970e-a2de42bba034\"";

    private static final List<Type<?>> TYPES = Stream.of(
                    JobCommand.class,
                    JobEvent.class,
                    CreditCommand.class,
                    CreditEvent.class,
                    PayoutCommand.class,
                    PayoutEvent.class)
            .<Type<?>>flatMap(MessageFuzzTest::types)
            .toList();

    private record Type<T>(String name, MessageReader<T> reader) {
        void reads(byte[] value) {
            T message;
            try {
                message = reader.read(name, value);
            } catch (UnreadableRecordException e) {
                assertThat(e.getMessage()).isNotBlank().doesNotContain("upgrade this service");
                return;
            }
            assertThat(reader.read(name, Codec.write(Objects.requireNonNull(message))))
                    .isEqualTo(message);
        }
    }

    private static <T> Stream<Type<T>> types(Class<T> family) {
        MessageReader<T> reader = new MessageReader<>(family);
        return MessageTypes.of(family).keySet().stream().sorted().map(name -> new Type<>(name, reader));
    }

    /** Of each type something that is one in part: the first byte says of which. */
    static Stream<byte[]> seeds() {
        return Stream.of("null", "{}", """
                        {"receiver": ID, "job_id": ID, "sender": ID, "amount_cents": 700, "payout_id": ID, "attempt": 1,
                        "outcome": "paid", "transfer_id": "tr_1", "detail": "made", "at": "2026-11-29T00:00:00Z", "user": ID,
                        "user_id": ID, "amount": 5, "reason": "a gift", "skill": "research", "prompt": "Do", "credits": 5,
                        "by": ID, "passed": true, "output": "Done", "account_id": "acct_1", "requirements": []}""")
                .map(json -> json.replace("ID", ID).getBytes(StandardCharsets.UTF_8))
                .flatMap(json -> IntStream.range(0, TYPES.size()).mapToObj(type -> {
                    byte[] seed = new byte[json.length + 1];
                    seed[0] = (byte) type;
                    System.arraycopy(json, 0, seed, 1, json.length);
                    return seed;
                }));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "2s")
    void readsAMessageOrRefusesIt(byte[] data) {
        if (data.length > 0) {
            TYPES.get((data[0] & 0xff) % TYPES.size()).reads(Arrays.copyOfRange(data, 1, data.length));
        }
    }
}
