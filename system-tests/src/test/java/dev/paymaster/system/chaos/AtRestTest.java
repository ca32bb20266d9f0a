package dev.paymaster.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.command.Waiting;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class AtRestTest {
    @Test
    void looksAgainAlthoughTheFirstLookTookLongerThanThePatience() {
        Iterator<String> looks = List.of("a command is to come", "").iterator();
        Duration patience = Duration.ofMillis(400);

        String found = AtRest.patiently(
                patience,
                () -> {
                    String next = looks.next();
                    if (!next.isEmpty()) {
                        Waiting.pause(patience.plusMillis(100));
                    }
                    return next;
                },
                String::isEmpty);

        assertThat(found).isEmpty();
    }

    @Test
    void tellsWhatIsStillFoundWhenThePatienceIsOver() {
        String found = AtRest.patiently(Duration.ofMillis(100), () -> "a command is still to come", String::isEmpty);

        assertThat(found).isEqualTo("a command is still to come");
    }
}
