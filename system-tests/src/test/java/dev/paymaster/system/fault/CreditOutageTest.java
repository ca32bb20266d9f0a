package dev.paymaster.system.fault;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.standalone.Service;
import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Burst;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Payments come in while credits can't be booked. */
class CreditOutageTest implements Scenario {
    private static final String IGNORED_EVENT = """
            {"id": "evt_ignored", "object": "event", "created": 1795000000, "type": "customer.updated",
             "data": {"object": {"id": "cus_none", "object": "customer"}}}""";

    private final World world = World.forFaults();

    @Override
    public World world() {
        return world;
    }

    @Test
    void paymentsBecomeCreditsWhenTheWorkerComesBack() {
        List<Person> buyers =
                IntStream.range(0, 10).mapToObj(_ -> world.newPerson("Sam")).toList();
        world.subscribe(buyers.getFirst(), "starter");
        buyers.getFirst().awaitCredits(50, 0);

        world.standalone().stop(Service.CREDIT_WORKER);
        Burst.of(buyers.size() - 1, number -> world.subscribe(buyers.get(number + 1), "starter"));
        world.standalone().start(Service.CREDIT_WORKER);

        buyers.forEach(buyer -> buyer.awaitCredits(50, 0));
    }

    /** Only what Kafka has is acknowledged; Stripe keeps the rest and brings it again. */
    @Test
    void nothingIsAcknowledgedWhileKafkaIsAway() {
        World.requireEmbedded();
        Person sender = world.newPerson("Sam");
        String session = checkout(sender);

        world.standalone().broker().stop();
        world.stripe().complete(session);
        Answer refused = world.webhooks().deliver(IGNORED_EVENT);
        eventually("a delivery that failed")
                .until(() -> world.stripe().deliveries("pending").stream()
                        .anyMatch(delivery -> delivery.at("/attempts/0/status").asInt(0) == refused.status()));
        world.standalone().broker().start();

        assertThat(refused.status()).isEqualTo(503);
        sender.awaitCredits(150, 0);
    }

    @Test
    void stripeBringsAgainWhatTheGatewayMissed() {
        Person sender = world.newPerson("Sam");
        String session = checkout(sender);

        world.standalone().stop(Service.GATEWAY);
        world.stripe().complete(session);
        world.standalone().start(Service.GATEWAY);

        sender.awaitCredits(150, 0);
    }

    private static String checkout(Person sender) {
        return sender.api()
                .post("/api/stripe/checkout", "{\"tier\": \"pro\"}")
                .expect(200)
                .text("/session_id");
    }
}
