package dev.paymaster.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.embedded.EmbeddedDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The database or the broker goes away under load and comes back: everything waits, nothing is passed over. */
class OutageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void waitsForADatabaseThatIsAway() {
        try (EmbeddedDatabase database = EmbeddedDatabase.startTemporary();
                TallyWorld world = new TallyWorld(
                        database.createDatabase("outage"),
                        EmbeddedBroker.shared().bootstrapServers(),
                        "database-outage");
                var _ = Instance.start(world)) {
            world.sendAdditions(300, 20);
            world.awaitProcessed();
            database.stop();
            world.sendAdditions(300, 20);
            database.start();
            world.assertAllAppliedOnce();
            database.crash();
            world.sendAdditions(300, 20);
            database.start();
            world.assertAllAppliedOnce();
            assertThat(world.deadLetters()).isEmpty();
        }
    }

    @Test
    void waitsForABrokerThatIsAway() {
        try (EmbeddedBroker broker = EmbeddedBroker.startTemporary();
                TallyWorld world = new TallyWorld(
                        EmbeddedDatabase.shared().createDatabase("brokeroutage"),
                        broker.bootstrapServers(),
                        "broker-outage");
                Instance instance = Instance.start(world)) {
            world.sendAdditions(300, 20);
            world.awaitProcessed();
            double before = instance.outages();
            world.holdUp(() -> {
                world.sendAdditions(300, 20);
                Await.until(PATIENCE, () -> world.isSomebodyWaitingForALock() ? null : "no batch in hand");
                broker.stop();
            });
            Await.until(PATIENCE, () -> instance.outages() > before ? null : "nobody has noticed");
            broker.start();
            world.assertAllAppliedOnce();
            assertThat(world.deadLetters()).isEmpty();
        }
    }
}
