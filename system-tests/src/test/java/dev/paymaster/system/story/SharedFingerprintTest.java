package dev.paymaster.system.story;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Administrators are told when who pays and who is paid use the same card or bank account; the payout is made all the same. */
class SharedFingerprintTest implements Scenario {
    private static final long PLENTY_CENTS = 10_000_000;
    private static final String SENDERS_CARD = "4242424242424242";

    /** The one that all bank debits come from in the sandbox. */
    private static final String SENDERS_BANK_ACCOUNT = "000123456789";

    private final World world = World.shared();

    @Override
    public World world() {
        return world;
    }

    @BeforeEach
    void fundThePlatform() {
        world.stripe().setBalance(PLENTY_CENTS);
    }

    @Test
    void flagsThePayoutForAdministratorsOnly() {
        Person sender = world.newPerson("Sam");
        world.subscribe(sender, "starter");
        sender.awaitCredits(50, 0);
        Person same = world.newPerson("Robin");
        String account = same.api().post("/api/stripe/connect").expect(200).text("/account_id");
        world.stripe().onboardTo(account, SENDERS_CARD);
        world.awaitConnect(same, "active");
        Person other = world.newPerson("Kim");
        world.onboard(other);

        world.verifiedJob(sender, same);
        world.verifiedJob(sender, other);

        String flagged = paid(same);
        assertThat(flags(
                        world.admin().get("/api/payouts/" + flagged).expect(200).json()))
                .containsExactly("shared_fingerprint");
        assertThat(world.admin()
                        .get("/api/payouts/" + paid(other))
                        .expect(200)
                        .json()
                        .has("flags"))
                .isFalse();
        assertThat(world.admin()
                        .get("/api/payouts?limit=100")
                        .expect(200)
                        .json()
                        .path("data"))
                .filteredOn(payout -> payout.path("id").stringValue().equals(flagged))
                .singleElement()
                .satisfies(payout -> assertThat(flags(payout)).containsExactly("shared_fingerprint"));
        assertThat(same.api().get("/api/payouts/" + flagged).expect(200).json().has("flags"))
                .isFalse();
        assertThat(same.api()
                        .get("/api/payouts")
                        .expect(200)
                        .json()
                        .at("/data/0")
                        .has("flags"))
                .isFalse();
    }

    @Test
    void flagsWhoIsPaidToTheBankAccountThatHasPaid() {
        Person sender = world.newPerson("Sam");
        String session = sender.api()
                .post("/api/stripe/topups", "{\"pack\": \"small\"}")
                .expect(200)
                .text("/session_id");
        world.stripe()
                .control("checkout/sessions/" + session + "/complete", "{\"payment_method\": \"us_bank_account\"}");
        world.stripe().control("checkout/sessions/" + session + "/settle", "{\"outcome\": \"succeeded\"}");
        sender.awaitCredits(10, 0);
        Person same = world.newPerson("Robin");
        String account = same.api().post("/api/stripe/connect").expect(200).text("/account_id");
        world.stripe().onboardTo(account, SENDERS_BANK_ACCOUNT);
        world.awaitConnect(same, "active");

        world.verifiedJob(sender, same);

        String flagged = paid(same);
        world.comesToRest();
        assertThat(flags(
                        world.admin().get("/api/payouts/" + flagged).expect(200).json()))
                .containsExactly("shared_fingerprint");
    }

    private static String paid(Person receiver) {
        eventually("payout of " + receiver.id())
                .untilAsserted(() -> assertThat(receiver.api()
                                .get("/api/payouts")
                                .expect(200)
                                .json()
                                .at("/data/0/status")
                                .asString(""))
                        .isEqualTo("paid"));
        return receiver.api().get("/api/payouts").expect(200).text("/data/0/id");
    }

    private static List<String> flags(JsonNode payout) {
        return payout.path("flags").valueStream().map(JsonNode::stringValue).toList();
    }
}
