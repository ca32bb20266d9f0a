package dev.paymaster.system.life;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.Person.Balance;
import dev.paymaster.system.world.World;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Refunds, disputes, top-ups and reversals, from Stripe's side to the balance. */
class MoneyBackTest implements Scenario {
    private final World world = World.shared();

    @Override
    public World world() {
        return world;
    }

    @Test
    void aRefundTakesItsShareOfTheCreditsBackAndAFailedOneGivesThemAgain() {
        Person sender = subscriber();
        String payment = paymentOf(sender);

        String half = world.stripe().refund(payment, 500);
        sender.awaitCredits(25, 0);
        world.stripe().refund(payment, 500);
        sender.awaitCredits(0, 0);

        world.stripe().failRefund(half);
        sender.awaitCredits(25, 0);
    }

    @Test
    void aDisputeTakesCreditsBackUntilItIsWonAndWhatWasSpentIsOwed() {
        Person sender = subscriber();
        sender.createJob();
        String dispute = world.stripe().dispute(paymentOf(sender));
        awaitBalance(sender, new Balance(0, Person.COST, Person.COST));
        sender.askForJob().expect(402);

        world.stripe().closeDispute(dispute, "won");
        awaitBalance(sender, new Balance(50 - Person.COST, Person.COST, 0));
    }

    @Test
    void aPackIsCreditedOnceAndGoesWithItsMoney() {
        Person sender = world.newPerson("Tess");
        String session = sender.api()
                .post("/api/stripe/topups", "{\"pack\": \"small\"}")
                .expect(200)
                .text("/session_id");
        world.stripe().complete(session);
        sender.awaitCredits(10, 0);

        JsonNode paid = world.stripe().fetch("/v1/checkout/sessions/" + session);
        world.stripe().refund(paid.path("payment_intent").stringValue(), 300);
        sender.awaitCredits(0, 0);
    }

    @Test
    void anAdministratorTakesAPayoutBackAndPaysItOnceMore() {
        Person receiver = world.newPerson("Robin");
        world.onboard(receiver);
        String job = world.verifiedJob(world.newPersonWith(10), receiver);
        awaitPayout(receiver, "paid");
        String payout = receiver.api().get("/api/payouts").expect(200).text("/data/0/id");
        String path = "/api/payouts/" + payout;

        receiver.api().post(path + "/reverse", "{\"reason\": \"no\"}").expect(403);
        world.admin()
                .post(path + "/reverse", "{\"reason\": \"The result was copied.\"}")
                .expect(200);
        awaitPayout(receiver, "reversed");
        assertThat(world.stripe().transfers(job))
                .singleElement()
                .satisfies(transfer ->
                        assertThat(transfer.path("amount_reversed").longValue()).isEqualTo(Person.PAY_CENTS));
        world.admin().post(path + "/reverse", "{\"reason\": \"Again.\"}").expect(409);

        world.admin().post(path + "/retry").expect(200);
        awaitPayout(receiver, "paid");
        assertThat(world.stripe().transfers(job)).hasSize(2);
    }

    @Test
    void whatIsTakenBackInPartAtStripeIsToldWithTheJobsMoney() {
        Person receiver = world.newPerson("Robin");
        world.onboard(receiver);
        String job = world.verifiedJob(world.newPersonWith(10), receiver);
        awaitPayout(receiver, "paid");

        world.stripe()
                .reverse(world.stripe().transfers(job).getFirst().path("id").stringValue(), 40);

        eventually("money of " + job)
                .untilAsserted(() -> assertThat(receiver.api()
                                .get("/api/jobs/" + job + "/money")
                                .expect(200)
                                .number("/totals/reversed_cents"))
                        .isEqualTo(40));
    }

    private Person subscriber() {
        Person sender = world.newPerson("Sam");
        world.subscribe(sender, "starter");
        sender.awaitCredits(50, 0);
        return sender;
    }

    private String paymentOf(Person sender) {
        String invoice =
                sender.api().get("/api/credits").expect(200).text("/lots/0/ref").substring("invoice:".length());
        return world.stripe().paymentOf(invoice);
    }

    private static void awaitBalance(Person sender, Balance balance) {
        eventually("credits of " + sender.id())
                .untilAsserted(() -> assertThat(sender.credits()).isEqualTo(balance));
    }

    private static void awaitPayout(Person receiver, String status) {
        eventually("payout of " + receiver.id())
                .untilAsserted(() -> assertThat(
                                receiver.api().get("/api/payouts").expect(200).text("/data/0/status"))
                        .isEqualTo(status));
    }
}
