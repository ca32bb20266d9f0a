package dev.paymaster.system.books;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.AdminProof;
import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A trial of a tier that grants on trial is due its credits, though nobody has paid for anything. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProofOfTrialsTest implements Scenario {
    private final World world = World.with(Map.ofEntries(
            Map.entry("paymaster.tiers[0].name", "starter"),
            Map.entry("paymaster.tiers[0].credits-per-month", "50"),
            Map.entry("paymaster.tiers[1].name", "pro"),
            Map.entry("paymaster.tiers[1].credits-per-month", "150"),
            Map.entry("paymaster.tiers[1].grant-on-trial", "true"),
            Map.entry("paymaster.tiers[2].name", "team"),
            Map.entry("paymaster.tiers[2].credits-per-month", "500"),
            Map.entry("reconcile.first-after", "1h")));

    @Override
    public World world() {
        return world;
    }

    @AfterAll
    void end() {
        world.close();
    }

    @Test
    void namesATrialWhoseCreditsAreMissing() {
        Person plain = world.newPerson("Pam");
        Person trier = world.newPerson("Tom");
        world.stripe().breakWith("{\"kind\": \"webhook_drop\"}");
        subscribe(plain, "starter");
        String trial = subscribe(trier, "pro");
        world.stripe().heal();
        world.comesToRest();

        assertThat(differences()).containsExactly("paid_invoice_is_applied " + trial);

        world.admin().post("/api/admin/reconcile").expect(200);
        trier.awaitCredits(150, 0);
        world.comesToRest();
        assertThat(differences()).isEmpty();
        assertThat(plain.credits()).isEqualTo(new Person.Balance(0, 0, 0));
    }

    /** Returns the invoice. */
    private String subscribe(Person person, String tier) {
        String whose = "metadata[user_id]=" + person.id();
        String customer = world.stripe().call("/v1/customers", whose).path("id").stringValue();
        world.stripe().control("customers/" + customer + "/card", "{\"card\": \"4242424242424242\"}");
        return world.stripe()
                .call(
                        "/v1/subscriptions",
                        "customer=" + customer + "&" + whose + "&trial_period_days=7&items[0][price]=price_paymaster_"
                                + tier)
                .path("latest_invoice")
                .stringValue();
    }

    private List<String> differences() {
        return AdminProof.differences(world.admin()).stream()
                .map(AdminProof.Difference::what)
                .toList();
    }
}
