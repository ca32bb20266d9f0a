package dev.paymaster.system.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tiers give, and when. */
class SubscriptionTest implements Scenario {
    /** Every month has ended by then, and no second one. */
    private static final Duration A_MONTH = Duration.ofDays(31);

    private final World world = World.shared();

    @Override
    public World world() {
        return world;
    }

    @AfterEach
    void healStripe() {
        world.stripe().heal();
    }

    @ParameterizedTest
    @CsvSource({"starter, 50", "pro, 150", "team, 500"})
    void givesATiersCreditsAtOnceAndAgainNextMonth(String tier, long credits) {
        Person sender = world.newPerson("Sam");

        world.subscribe(sender, tier);
        sender.awaitCredits(credits, 0);
        sender.createJob();
        world.stripe().advance(A_MONTH);

        sender.awaitCredits(2 * credits - 2, 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kind\": \"webhook_duplicate\"}",
                "{\"kind\": \"webhook_duplicate_new_id\"}",
                "{\"kind\": \"webhook_reorder\", \"window_millis\": 300}",
                "{\"kind\": \"webhook_duplicate_new_id\"}, {\"kind\": \"webhook_reorder\", \"window_millis\": 300}",
            })
    void creditsOnceHoweverStripeTellsOfIt(String fault) {
        Person sender = world.newPerson("Sam");
        world.stripe().breakWith(fault);

        world.subscribe(sender, "pro");
        sender.awaitCredits(150, 0);
        world.stripe().advance(A_MONTH);

        sender.awaitCredits(300, 0);
    }

    @Test
    void refusesASecondSubscriptionAndAnUnknownTier() {
        Person sender = world.newPerson("Sam");
        Answer unknown = sender.api()
                .post("/api/stripe/checkout", "{\"tier\": \"platinum\"}")
                .expect(400);
        assertThat(unknown.text("/detail")).isNotBlank();
        world.subscribe(sender, "starter");
        sender.awaitCredits(50, 0);

        Answer second =
                sender.api().post("/api/stripe/checkout", "{\"tier\": \"pro\"}").expect(409);

        assertThat(second.text("/code")).isEqualTo("already_subscribed");
        assertThat(sender.credits()).isEqualTo(new Person.Balance(50, 0, 0));
    }
}
