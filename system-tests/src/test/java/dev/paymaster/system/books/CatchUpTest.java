package dev.paymaster.system.books;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What webhooks never brought is looked up at Stripe, and counts once. */
class CatchUpTest implements Scenario {
    private final World world = World.shared();

    @Override
    public World world() {
        return world;
    }

    @AfterEach
    void healStripe() {
        world.stripe().heal();
    }

    @Test
    void creditsArriveOnceThoughNoWebhookCame() {
        Person sender = world.newPerson("Sam");
        world.stripe().breakWith("{\"kind\": \"webhook_drop\"}");
        world.subscribe(sender, "pro");
        world.stripe().heal();
        world.comesToRest();
        assertThat(sender.credits()).isEqualTo(new Person.Balance(0, 0, 0));

        Answer caughtUp = reconcile();

        assertThat(caughtUp.number("/lists/events/published")).isPositive();
        sender.awaitCredits(150, 0);
        Answer again = reconcile();
        assertThat(again.number("/lists/events/published")).isZero();
        assertThat(again.number("/lists/invoices/published")).isZero();
        world.comesToRest();
        assertThat(sender.credits()).isEqualTo(new Person.Balance(150, 0, 0));
    }

    @Test
    void changesNothingBesideLiveWebhooks() {
        Person sender = world.newPerson("Sam");
        world.stripe().breakWith("{\"kind\": \"webhook_drop\"}");
        world.subscribe(sender, "starter");

        Answer beside = reconcile();
        world.stripe().heal();
        world.webhooks()
                .deliver(world.stripe().events("invoice.paid").getFirst().toString())
                .expect(200);
        reconcile();

        assertThat(beside.number("/lists/events/published") + beside.number("/lists/invoices/published"))
                .isPositive();
        sender.awaitCredits(50, 0);
        world.comesToRest();
        assertThat(sender.credits()).isEqualTo(new Person.Balance(50, 0, 0));
    }

    private Answer reconcile() {
        return world.admin().post("/api/admin/reconcile").expect(200);
    }
}
