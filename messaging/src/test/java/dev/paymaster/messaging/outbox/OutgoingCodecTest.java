package dev.paymaster.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutgoingCodecTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 500})
    void readsWhatItWrote(int count) {
        List<Outgoing> records = records(count);

        assertThat(OutgoingCodec.decode(OutgoingCodec.encode(records)))
                .usingRecursiveComparison()
                .isEqualTo(records);
    }

    @Test
    void keepsNothingOfNothing() {
        assertThat(OutgoingCodec.encode(List.of())).isNull();
        assertThat(OutgoingCodec.decode(null)).isEmpty();
    }

    @Test
    void makesABatchShorter() {
        int plain = records(500).stream().mapToInt(Outgoing::size).sum();

        assertThat(OutgoingCodec.encode(records(500))).hasSizeLessThan(plain / 3);
    }

    @Test
    void tellsHowLongABatchIsBeforeItIsDecoded() {
        int values = records(500).stream().mapToInt(Outgoing::size).sum();
        byte[] one = Objects.requireNonNull(OutgoingCodec.encode(records(1)));
        byte[] batch = Objects.requireNonNull(OutgoingCodec.encode(records(500)));

        assertThat(OutgoingCodec.plainLength(one)).isEqualTo(one.length);
        assertThat(OutgoingCodec.plainLength(batch)).isGreaterThan(values / 2).isGreaterThan(3 * batch.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 500})
    void saysSoWhenBytesAreMissing(int count) {
        byte[] whole = Objects.requireNonNull(OutgoingCodec.encode(records(count)));

        for (int length = 1; length < whole.length; length += Math.max(1, whole.length / 100)) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatIllegalStateException().isThrownBy(() -> OutgoingCodec.decode(cut));
        }
        byte[] oneShort = Arrays.copyOf(whole, whole.length - 1);
        assertThatIllegalStateException().isThrownBy(() -> OutgoingCodec.decode(oneShort));
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 1, 2, 3, -1})
    void readsNothingThatItDidNotWrite(byte form) {
        byte[] bytes = new byte[64];
        Arrays.fill(bytes, (byte) 0x7f);
        bytes[0] = form;

        assertThatIllegalStateException().isThrownBy(() -> OutgoingCodec.decode(bytes));
    }

    private static List<Outgoing> records(int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> new Outgoing(
                        "topic",
                        n % 3 == 0 ? null : ("key-" + n).getBytes(StandardCharsets.UTF_8),
                        List.of(Outgoing.Header.of("ce_id", "id-" + n), new Outgoing.Header("empty", null)),
                        ("{\"n\":" + n + ",\"text\":\"much the same in every record\"}")
                                .getBytes(StandardCharsets.UTF_8)))
                .toList();
    }
}
