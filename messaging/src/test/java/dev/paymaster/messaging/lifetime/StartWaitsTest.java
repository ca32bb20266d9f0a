package dev.paymaster.messaging.lifetime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationListener;
import org.springframework.context.support.StaticApplicationContext;

class StartWaitsTest {
    private final StaticApplicationContext application = new StaticApplicationContext();
    private final List<Object> told = new ArrayList<>();
    private final StartWaits waits = new StartWaits(application);
    private int attempts;

    @BeforeEach
    void listen() {
        application.addApplicationListener(
                (ApplicationListener<AvailabilityChangeEvent<?>>) change -> told.add(change.getState()));
        application.refresh();
    }

    @AfterEach
    void close() {
        waits.close();
        application.close();
    }

    @Test
    void triesUntilItSucceedsAndSaysBeforeThatTheProcessLives() {
        boolean there = waits.until("something", () -> {
            attempts++;
            assertThat(told).containsExactly(LivenessState.CORRECT);
            if (attempts == 1) {
                throw new IOException("not there yet");
            }
        });

        assertThat(there).isTrue();
        assertThat(attempts).isEqualTo(2);
        assertThat(waits.hasEnded()).isFalse();
    }

    @Test
    void triesNoMoreWhenTheProcessEnds() {
        assertThat(waits.until("something", this::failWhileTheProcessEnds)).isFalse();
        assertThat(waits.until("something else", this::failWhileTheProcessEnds)).isFalse();

        assertThat(attempts).isOne();
    }

    private void failWhileTheProcessEnds() throws IOException {
        attempts++;
        waits.close();
        throw new IOException("not there yet");
    }

    /** What is started after that, to be stopped at once, would fail of it. */
    @Test
    void anInterruptEndsTheWaitAndIsNotLeftBehind() {
        boolean there = waits.until("something", () -> {
            Thread.currentThread().interrupt();
            throw new IOException("not there yet");
        });

        assertThat(there).isFalse();
        assertThat(waits.hasEnded()).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
