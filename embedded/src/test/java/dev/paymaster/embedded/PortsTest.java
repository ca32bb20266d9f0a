package dev.paymaster.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PortsTest {
    /** More than enough for the system to name one twice, when nobody remembers. */
    private static final int MANY = 2_000;

    @Test
    void areNeverHandedOutTwice() {
        int[] ports = IntStream.range(0, MANY).map(_ -> Ports.orFree(0)).toArray();

        assertThat(IntStream.of(ports).distinct().count()).isEqualTo(MANY);
    }

    @Test
    void areNoneThatOutgoingConnectionsGet() {
        assertThat(Ports.orFree(0)).isLessThan(32_768);
    }

    @Test
    void areTakenAsTheyAreGiven() {
        assertThat(Ports.orFree(3000)).isEqualTo(3000);
        assertThat(Ports.orFree(3000)).isEqualTo(3000);
    }
}
