package dev.paymaster.system.fuzz;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.standalone.Service;
import dev.paymaster.system.proof.Findings;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.StripeControl;
import dev.paymaster.system.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events that Stripe has signed and nobody has seen before, each with a strange value in some field: whatever they say is
 * decided, parked, passed over or a dead letter. Stripe itself has nothing of the kind, so the books are compared with
 * themselves alone.
 */
class StrangeEventsTest {
    private static final int PER_TYPE = 24;

    private static final World WORLD = World.with(Map.of());

    @AfterAll
    static void close() {
        WORLD.close();
    }

    @Test
    void goesOnAfterEveryNewEvent() throws Exception {
        Seed seed = Seed.ofRun(1);
        Random random = seed.random(0);
        Person sender = WORLD.newPerson("Sam");
        Map<String, JsonNode> events = oneOfEachType(sender);
        Person.Balance before = sender.credits();
        assertThat(events.keySet())
                .contains(
                        "account.updated",
                        "charge.dispute.closed",
                        "charge.dispute.created",
                        "charge.refunded",
                        "checkout.session.completed",
                        "credit_note.created",
                        "customer.subscription.deleted",
                        "invoice.paid",
                        "invoice.voided",
                        "refund.failed",
                        "transfer.reversed");
        int number = 0;
        int taken = 0;
        try (LogWatch log = new LogWatch(List.of(setting("stripe.secret-key"), setting("stripe.webhook-secret")))) {
            for (JsonNode event : events.values()) {
                for (int i = 0; i < PER_TYPE * seed.rounds(); i++) {
                    String strange = strange(event, number++, random);
                    Answer answer = WORLD.webhooks().deliver(strange);
                    assertThat(answer.status())
                            .as("%s, %s", strange.substring(0, Math.min(2_000, strange.length())), seed)
                            .isIn(200, 400);
                    taken += answer.status() == 200 ? 1 : 0;
                }
            }
            WORLD.workersComeToRest();
            assertThat(log.leaks()).as("secrets in the log, %s", seed).isEmpty();
            assertThat(log.errors()).as("errors in the log, %s", seed).isEmpty();
        }
        assertThat(taken).as("most of them are events, %s", seed).isGreaterThan(number / 2);
        assertThat(sender.credits()).as("some had an effect, %s", seed).isNotEqualTo(before);
        eventually("sound books")
                .untilAsserted(() -> assertThat(
                                new Findings(WORLD.database(), WORLD.kafka(), Optional.empty()).broken(_ -> true))
                        .as("%s", seed)
                        .isEmpty());
        playTheStory();
    }

    private static void playTheStory() {
        Person sender = WORLD.newPerson("Sam");
        Person receiver = WORLD.newPerson("Robin");
        WORLD.subscribe(sender, "starter");
        sender.awaitCredits(50, 0);
        WORLD.onboard(receiver);
        WORLD.verifiedJob(sender, receiver);
        eventually("the payout")
                .untilAsserted(() -> assertThat(receiver.payouts()).containsEntry("paid", 1));
    }

    /** Of what Stripe tells about somebody who subscribes, tops up, is refunded, disputes, gives up, and pays for a job. */
    private static Map<String, JsonNode> oneOfEachType(Person sender) {
        StripeControl stripe = WORLD.stripe();
        stripe.setBalance(100_000_000);
        Person receiver = WORLD.newPerson("Robin");
        String session = WORLD.subscribe(sender, "pro");
        sender.awaitCredits(150, 0);
        JsonNode bought = stripe.fetch("/v1/checkout/sessions/" + session);
        String subscription = bought.path("subscription").asString("");
        String invoice = bought.path("invoice").asString("");
        String payment = stripe.paymentOf(invoice);
        stripe.failRefund(stripe.refund(payment, 100));
        stripe.refund(payment, 200);
        String pack = sender.api()
                .post("/api/stripe/topups", "{\"pack\": \"small\"}")
                .expect(200)
                .text("/session_id");
        stripe.complete(pack);
        stripe.closeDispute(
                stripe.dispute(stripe.fetch("/v1/checkout/sessions/" + pack)
                        .path("payment_intent")
                        .asString("")),
                "won");
        stripe.call("/v1/credit_notes", "invoice=" + invoice + "&amount=100&refund_amount=100");
        String account = WORLD.onboard(receiver);
        String job = WORLD.verifiedJob(sender, receiver);
        eventually("the transfer")
                .untilAsserted(() -> assertThat(stripe.transfers(job)).hasSize(1));
        stripe.reverse(stripe.transfers(job).getFirst().path("id").asString(""), 50);
        stripe.call("/v1/subscriptions/" + subscription, "pause_collection[behavior]=void");
        stripe.advance(Duration.ofDays(32));
        stripe.delete("/v1/subscriptions/" + subscription);
        WORLD.workersComeToRest();
        Map<String, JsonNode> found = new TreeMap<>();
        for (JsonNode event : stripe.eventsAfter("")) {
            found.put(event.path("type").asString(""), event);
        }
        for (JsonNode event : stripe.eventsOf(account)) {
            found.put(event.path("type").asString(""), event);
        }
        return found;
    }

    /** A new event; every other one is about a new object, too. */
    private static String strange(JsonNode event, int number, Random random) {
        JsonNode copy = event.deepCopy();
        ((ObjectNode) copy).put("id", "evt_strange_" + number);
        List<Place> places = new ArrayList<>();
        collect(copy, places);
        Collections.shuffle(places, random);
        Place place = places.getFirst();
        String mark = "mark-" + number;
        place.object().put(place.field(), mark);
        String text = copy.toString().replace("\"" + mark + "\"", Schemas.strange(random));
        String object = event.at("/data/object/id").asString("");
        return random.nextBoolean() || object.isEmpty()
                ? text
                : text.replace("\"" + object + "\"", "\"" + object + "x" + number + "\"");
    }

    private record Place(ObjectNode object, String field) {}

    private static void collect(JsonNode node, List<Place> places) {
        if (node instanceof ObjectNode object) {
            object.propertyNames().forEach(field -> places.add(new Place(object, field)));
        }
        node.forEach(each -> collect(each, places));
    }

    private static String setting(String name) {
        return WORLD.standalone().context(Service.GATEWAY).getEnvironment().getRequiredProperty(name);
    }
}
