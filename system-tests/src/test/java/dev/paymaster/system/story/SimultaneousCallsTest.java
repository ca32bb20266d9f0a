package dev.paymaster.system.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Burst;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Somebody who is impatient, or has two windows open, has one customer and one account at Stripe all the same. */
class SimultaneousCallsTest implements Scenario {
    private static final String STARTER = "{\"tier\": \"starter\"}";

    private final World world = World.shared();

    @Override
    public World world() {
        return world;
    }

    @Test
    void makesOneCustomerOfABuyer() {
        Person sender = world.newPerson("Sam");

        List<Answer> checkouts = Burst.of(8, _ -> sender.api().post("/api/stripe/checkout", STARTER));

        assertThat(checkouts.stream()
                        .map(checkout -> checkout.expect(200).text("/session_id"))
                        .map(session -> world.stripe()
                                .fetch("/v1/checkout/sessions/" + session)
                                .path("customer")
                                .stringValue())
                        .distinct())
                .hasSize(1);
    }

    @Test
    void makesOneAccountOfAReceiver() {
        Person receiver = world.newPerson("Robin");

        List<Answer> links = Burst.of(8, _ -> receiver.api().post("/api/stripe/connect"));

        assertThat(links.stream()
                        .map(link -> link.expect(200).text("/account_id"))
                        .distinct())
                .hasSize(1);
        assertThat(links.stream().map(link -> link.text("/url")).distinct())
                .as("every link opens once, so each has its own")
                .hasSize(links.size());
    }

    @Test
    void opensOneCheckoutForARepeatedCall() {
        Person sender = world.newPerson("Sam");
        String key = UUID.randomUUID().toString();

        Answer first = sender.api().post("/api/stripe/checkout", STARTER, key).expect(200);
        Answer second = sender.api().post("/api/stripe/checkout", STARTER, key).expect(200);

        assertThat(second.json()).isEqualTo(first.json());
        assertThat(second.header("Idempotent-Replayed")).contains("true");
        assertThat(sender.api()
                        .post("/api/stripe/checkout", "{\"tier\": \"pro\"}", key)
                        .expect(422)
                        .text("/code"))
                .isEqualTo("idempotency_mismatch");
    }
}
