package dev.paymaster.system.books;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.Topics;
import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Nobody asks for it: what no webhook brings is looked up again and again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatchUpByItselfTest implements Scenario {
    private final World world = World.with(Map.of(
            "reconcile.first-after", "100ms",
            "reconcile.every", "200ms",
            // Which invoice a payment is of, no list tells.
            "timers.lookups", "100ms",
            "timers.lookups-after", "0s"));

    @Override
    public World world() {
        return world;
    }

    @AfterEach
    void healStripe() {
        world.stripe().heal();
        listen(true);
    }

    @AfterAll
    void end() {
        world.close();
    }

    @Test
    void bringsWhatStripeCouldNotDeliver() {
        world.stripe().breakWith("{\"kind\": \"webhook_drop\"}");
        Person sender = world.newPerson("Sam");
        world.subscribe(sender, "pro");

        sender.awaitCredits(150, 0);
    }

    /** Of a time in which Stripe knows no endpoint, its list of lost events has nothing: only the objects tell. */
    @Test
    void bringsWhatHappenedWhileNoEndpointWasThere() {
        listen(false);
        Person refunded = world.newPerson("Rita");
        Person disputing = world.newPerson("Dora");
        String ofRefunded = subscribe(refunded);
        String ofDisputing = subscribe(disputing);
        refunded.awaitCredits(50, 0);
        disputing.awaitCredits(50, 0);

        world.stripe().refund(world.stripe().paymentOf(ofRefunded), 500);
        world.stripe().dispute(world.stripe().paymentOf(ofDisputing));

        refunded.awaitCredits(25, 0);
        disputing.awaitCredits(0, 0);
        eventually("the events that were made of the invoices")
                .untilAsserted(() -> assertThat(told())
                        .contains(
                                "evt_paymaster_invoice.paid_" + ofRefunded + "_paid",
                                "evt_paymaster_invoice.paid_" + ofDisputing + "_paid"));
    }

    @Test
    void bringsWhatWasTakenBackOfATransferWhileNoEndpointWasThere() {
        world.stripe().setBalance(1_000_000);
        Person receiver = world.newPerson("Robin");
        String account = world.onboard(receiver);
        world.verifiedJob(world.newPersonWith(100), receiver);
        awaitPayout(receiver, "paid");
        String transfer =
                world.stripe().transfersTo(account).getFirst().path("id").stringValue();
        listen(false);

        world.stripe().reverse(transfer, 40);
        eventually("a part that came back")
                .untilAsserted(() -> assertThat(receiver.api()
                                .get("/api/payouts")
                                .expect(200)
                                .json()
                                .at("/data/0/reversed_cents")
                                .asLong(0))
                        .isEqualTo(40));
        world.stripe().reverse(transfer, Person.PAY_CENTS - 40);

        awaitPayout(receiver, "reversed");
    }

    private static void awaitPayout(Person receiver, String status) {
        eventually("payout " + status)
                .untilAsserted(() -> assertThat(receiver.payouts()).isEqualTo(Map.of(status, 1)));
    }

    /** The id of the invoice. */
    private String subscribe(Person person) {
        return world.stripe()
                .fetch("/v1/checkout/sessions/" + world.subscribe(person, "starter"))
                .path("invoice")
                .stringValue();
    }

    /** Whether any endpoint is told of anything. */
    private void listen(boolean enabled) {
        List<JsonNode> endpoints = world.stripe().all("/v1/webhook_endpoints?limit=100");
        assertThat(endpoints).isNotEmpty();
        endpoints.forEach(each ->
                world.stripe().call("/v1/webhook_endpoints/" + each.path("id").stringValue(), "disabled=" + !enabled));
    }

    private List<String> told() {
        return world.kafka().read(Topics.STRIPE_EVENTS).stream()
                .map(event -> JsonMapper.shared()
                        .readTree(new String(event.value(), StandardCharsets.UTF_8))
                        .path("id")
                        .stringValue())
                .toList();
    }
}
