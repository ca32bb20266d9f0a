package dev.paymaster.system.story;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Burst;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Stripe delivers at least once, in any order, and may tell of one invoice under several event ids. */
class WebhookOrderTest implements Scenario {
    private final World world = World.shared();

    @Override
    public World world() {
        return world;
    }

    /** Stripe says nothing by itself: these tests carry its events. */
    @BeforeEach
    void silenceStripe() {
        world.stripe().breakWith("{\"kind\": \"webhook_drop\"}");
    }

    @AfterEach
    void letStripeSpeak() {
        world.stripe().heal();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void creditsOnceWhateverTheOrderAndHoweverOften(long seed) {
        Person sender = world.newPerson("Sam");
        List<String> events = eventsOf(world.subscribe(sender, "starter"));
        assertThat(events).hasSizeGreaterThan(3);
        List<String> twice = new ArrayList<>(events);
        twice.addAll(events);
        Collections.shuffle(twice, new Random(seed));

        twice.forEach(event -> world.webhooks().deliver(event).expect(200));

        sender.awaitCredits(50, 0);
    }

    @Test
    void keepsAnInvoiceUntilItsCustomerIsKnown() {
        Person sender = world.newPerson("Sam");
        String session = world.subscribe(sender, "pro");
        ObjectNode invoicePaid = (ObjectNode) invoicePaid(session).deepCopy();
        ObjectNode details = (ObjectNode) invoicePaid.at("/data/object/parent/subscription_details");
        details.putObject("metadata");

        world.webhooks().deliver(invoicePaid.toString()).expect(200);
        world.comesToRest();
        assertThat(sender.credits()).isEqualTo(new Person.Balance(0, 0, 0));
        world.webhooks()
                .deliver(eventOf("checkout.session.completed", session).toString())
                .expect(200);

        sender.awaitCredits(150, 0);
    }

    @Test
    void creditsOnceForFiftySimultaneousEventsOfOneInvoice() {
        Person sender = world.newPerson("Sam");
        JsonNode invoicePaid = invoicePaid(world.subscribe(sender, "starter"));

        List<Answer> answers = Burst.of(50, number -> {
            ObjectNode event = (ObjectNode) invoicePaid.deepCopy();
            return world.webhooks()
                    .deliver(event.put("id", "evt_again" + number + sender.id()).toString());
        });

        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
        assertThat(answers.getFirst().json().path("received").asBoolean(false)).isTrue();
        world.comesToRest();
        sender.awaitCredits(50, 0);
        assertThat(sender.api().get("/api/credits/entries").expect(200).json().path("data"))
                .hasSize(1);
    }

    /** As when Stripe has had no answer, and tries again from several places. */
    @Test
    void creditsOnceForFiftySimultaneousDeliveriesOfOneEvent() {
        Person sender = world.newPerson("Sam");
        String event = invoicePaid(world.subscribe(sender, "starter")).toString();

        List<Answer> answers = Burst.of(50, _ -> world.webhooks().deliver(event));

        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
        world.comesToRest();
        sender.awaitCredits(50, 0);
        assertThat(sender.api().get("/api/credits/entries").expect(200).json().path("data"))
                .hasSize(1);
    }

    private JsonNode invoicePaid(String session) {
        return eventOf("invoice.paid", session);
    }

    /** Stripe makes its events a moment after it has answered. */
    private JsonNode eventOf(String type, String session) {
        String customer = customerOf(session);
        return eventually(type)
                .until(
                        () -> world.stripe().events(type).stream()
                                .filter(event -> event.toString().contains("\"" + customer + "\""))
                                .toList(),
                        events -> !events.isEmpty())
                .getFirst();
    }

    private List<String> eventsOf(String session) {
        eventOf("invoice.paid", session);
        String customer = customerOf(session);
        return world.stripe().events("*").stream()
                .map(JsonNode::toString)
                .filter(event -> event.contains("\"" + customer + "\""))
                .toList();
    }

    private String customerOf(String session) {
        return world.stripe()
                .fetch("/v1/checkout/sessions/" + session)
                .path("customer")
                .stringValue();
    }
}
