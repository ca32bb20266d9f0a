package dev.paymaster.system.story;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.messaging.deadletter.DeadLetters;
import dev.paymaster.system.world.KafkaLog;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whoever has a key for real money grants nothing for test money, though Stripe has signed it. The other way round, see the table of
 * refused money.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveKeyTest {
    /** Nobody answers there: no real Stripe is asked for anything. */
    private static final String NOWHERE = "http://127.0.0.1:9";

    private final World test = World.shared();
    private final World live = World.withStripe(Map.of(
            "STRIPE_SECRET_KEY", "sk_live_nobodys",
            "STRIPE_WEBHOOK_SECRET", "whsec_nobodys",
            "STRIPE_PRICE_STARTER", "price_paymaster_starter",
            "STRIPE_PRICE_PRO", "price_paymaster_pro",
            "STRIPE_PRICE_TEAM", "price_paymaster_team",
            "STRIPE_API_BASE", NOWHERE));

    @AfterAll
    void end() {
        live.close();
    }

    @Test
    void testMoneyIsRefusedAndRealMoneyIsNot() {
        Person sender = live.newPerson("Sam");
        ObjectNode paid = paidInvoiceOf(sender);
        assertThat(paid.path("livemode").booleanValue()).isFalse();

        live.webhooks().bring(paid.toString());
        eventually("the test event is a dead letter")
                .untilAsserted(
                        () -> assertThat(refused()).contains(paid.path("id").stringValue()));
        assertThat(sender.credits()).isEqualTo(new Person.Balance(0, 0, 0));

        live.webhooks()
                .bring(paid.deepCopy()
                        .put("id", "evt_live")
                        .put("livemode", true)
                        .toString());
        sender.awaitCredits(50, 0);
        assertThat(refused()).doesNotContain("evt_live");
    }

    /** A real event, of a month that somebody else has paid at the local Stripe. */
    private ObjectNode paidInvoiceOf(Person person) {
        Person other = test.newPerson("Sam");
        String session = test.subscribe(other, "starter");
        String invoice = test.stripe()
                .fetch("/v1/checkout/sessions/" + session)
                .path("invoice")
                .stringValue();
        String event = eventually("invoice.paid")
                .until(
                        () -> test.stripe().events("invoice.paid").stream()
                                .filter(each ->
                                        each.at("/data/object/id").asString("").equals(invoice))
                                .map(Object::toString)
                                .collect(Collectors.joining()),
                        found -> !found.isEmpty());
        return (ObjectNode) JsonMapper.shared().readTree(event.replace(other.id(), person.id()));
    }

    private Set<String> refused() {
        return live.kafka().read(Topics.deadLetters(Topics.STRIPE_EVENTS)).stream()
                .filter(letter -> "credit-worker.billing".equals(KafkaLog.header(letter, DeadLetters.HEADER_CONSUMER)))
                .map(letter -> KafkaLog.header(letter, Envelope.HEADER_ID))
                .collect(Collectors.toSet());
    }
}
