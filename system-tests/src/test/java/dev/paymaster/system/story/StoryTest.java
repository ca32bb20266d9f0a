package dev.paymaster.system.story;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The whole way of the money, with a person at every page. */
class StoryTest implements Scenario {
    private static final Pattern ACTION = Pattern.compile("<form method=\"post\" action=\"([^\"]+)\">");

    private final World world = World.shared();

    @Override
    public World world() {
        return world;
    }

    @Test
    void aPaymentBecomesCreditsThatPayForAJobThatPaysAPerson() {
        Person sender = world.newPerson("Sam");
        Person receiver = world.newPerson("Robin");
        sender.awaitCredits(0, 0);

        payAtTheCheckout(sender);
        sender.awaitCredits(50, 0);

        Answer created = sender.askForJob().expect(201);
        String job = created.text("/id");
        assertThat(created.header("Location")).contains("/api/jobs/" + job);
        assertThat(created.text("/status")).isEqualTo("queued");
        assertThat(created.number("/credit_cost")).isEqualTo(2);
        assertThat(created.number("/payout_cents")).isEqualTo(100);
        assertThat(sender.credits()).isEqualTo(new Person.Balance(48, 2, 0));

        String account = openAnAccount(receiver);
        assertThat(receiver.accept(job).expect(200).text("/status")).isEqualTo("accepted");
        assertThat(receiver.submit(job).expect(200).text("/status")).isEqualTo("submitted");
        assertThat(sender.verify(job, true).expect(200).text("/status")).isEqualTo("verified");
        assertThat(sender.credits()).isEqualTo(new Person.Balance(48, 0, 0));

        bePaid(receiver, job, account);
    }

    private void payAtTheCheckout(Person sender) {
        Answer checkout = sender.api()
                .post("/api/stripe/checkout", "{\"tier\": \"starter\"}")
                .expect(200);
        String page = checkout.text("/url");
        String form = formOf(world.stripe().show(page).expect(200));

        Answer paid = world.stripe().submit(form, "card", "4242 4242 4242 4242").expect(303);

        assertThat(paid.header("Location").orElse(""))
                .as("where the buyer goes next")
                .startsWith("http://localhost:" + world.standalone().ports().http());
        JsonNode session = world.stripe().fetch("/v1/checkout/sessions/" + checkout.text("/session_id"));
        assertThat(session.path("client_reference_id").stringValue()).isEqualTo(sender.id());
    }

    private String openAnAccount(Person receiver) {
        world.awaitConnect(receiver, "not_connected");
        Answer link = receiver.api().post("/api/stripe/connect").expect(200);
        world.awaitConnect(receiver, "pending");
        String form = formOf(world.stripe().show(link.text("/url")).expect(200));

        world.stripe().submit(form, "choice", "complete").expect(303);

        world.awaitConnect(receiver, "active");
        return link.text("/account_id");
    }

    private void bePaid(Person receiver, String job, String account) {
        eventually("payout").untilAsserted(() -> {
            Answer payouts = receiver.api().get("/api/payouts").expect(200);
            assertThat(payouts.text("/data/0/status")).isEqualTo("paid");
            assertThat(payouts.text("/data/0/job_id")).isEqualTo(job);
            assertThat(payouts.number("/data/0/amount_cents")).isEqualTo(100);
            assertThat(payouts.json().path("data")).hasSize(1);
        });
        world.comesToRest();
        List<JsonNode> transfers = world.stripe().transfers(job);
        assertThat(transfers).hasSize(1);
        assertThat(transfers.getFirst().path("amount").longValue()).isEqualTo(100);
        assertThat(transfers.getFirst().path("currency").stringValue()).isEqualTo("usd");
        assertThat(transfers.getFirst().path("destination").stringValue()).isEqualTo(account);
    }

    private static String formOf(Answer page) {
        Matcher action = ACTION.matcher(page.body());
        assertThat(action.find()).as("a form in %s", page).isTrue();
        return action.group(1);
    }
}
