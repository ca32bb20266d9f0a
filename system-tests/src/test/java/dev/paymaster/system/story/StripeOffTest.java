package dev.paymaster.system.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Without Stripe, jobs go the same way, cost nothing and pay nothing. */
class StripeOffTest implements Scenario {
    private final World world = World.withoutStripe();

    @Override
    public World world() {
        return world;
    }

    @Test
    void playsTheStoryOfAJobWithoutCreditsAndPayout() {
        Person sender = world.newPerson("Sam");
        Person receiver = world.newPerson("Robin");

        Answer created = sender.askForJob().expect(201);
        String job = created.text("/id");
        receiver.accept(job).expect(200);
        receiver.submit(job).expect(200);
        Answer verified = sender.verify(job, true).expect(200);

        assertThat(verified.text("/status")).isEqualTo("verified");
        assertThat(verified.number("/credit_cost")).isEqualTo(2);
        assertThat(verified.number("/payout_cents")).isEqualTo(100);
        assertThat(sender.credits()).isEqualTo(new Person.Balance(0, 0, 0));
        assertThat(sender.api()
                        .get("/api/credits")
                        .expect(200)
                        .json()
                        .path("enforced")
                        .asBoolean(true))
                .isFalse();
        world.comesToRest();
        assertThat(receiver.api().get("/api/payouts").expect(200).json().path("data"))
                .isEmpty();
    }

    @Test
    void leavesGrantedCreditsAlone() {
        Person sender = world.newPersonWith(5);

        sender.cancel(sender.createJob()).expect(200);
        sender.createJob();

        assertThat(sender.credits()).isEqualTo(new Person.Balance(5, 0, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/stripe/checkout | {\"tier\": \"starter\"}",
                "/api/stripe/connect | {}",
                "/api/stripe/portal | {}",
                "/api/stripe/connect/status | {}",
            })
    void saysThatStripeIsNotConfigured(String path, String body) {
        Answer answer = world.newPerson("Sam").api().post(path, body).expect(503);

        Problems.isProblem(answer);
        assertThat(answer.text("/code")).isEqualTo("stripe_not_configured");
    }

    @Test
    void takesNoWebhookEither() {
        Answer answer = world.stranger().post("/api/stripe/webhook", "{}").expect(503);

        assertThat(answer.text("/code")).isEqualTo("stripe_not_configured");
    }
}
