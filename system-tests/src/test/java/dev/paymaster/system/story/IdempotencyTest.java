package dev.paymaster.system.story;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Burst;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.Person.Balance;
import dev.paymaster.system.world.World;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A POST with an Idempotency-Key takes effect once. */
class IdempotencyTest implements Scenario {
    private static final String REPLAYED = "Idempotent-Replayed";
    private static final String BODY = Person.newJob("Once, please.");

    private final World world = World.shared();
    private final String key = UUID.randomUUID().toString();

    @Override
    public World world() {
        return world;
    }

    @Test
    void answersTheSameAgainAndSaysSo() {
        Person sender = world.newPersonWith(10);

        Answer first = sender.api().post("/api/jobs", BODY, key).expect(201);
        Answer second = sender.api().post("/api/jobs", BODY, key).expect(201);

        assertThat(first.header(REPLAYED)).isEmpty();
        assertThat(second.header(REPLAYED)).contains("true");
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(sender.credits()).isEqualTo(new Balance(8, 2, 0));
    }

    @Test
    void makesOneJobOfManySimultaneousCalls() {
        Person sender = world.newPersonWith(100);

        List<Answer> answers = Burst.of(20, _ -> sender.api().post("/api/jobs", BODY, key));

        assertThat(answers).allSatisfy(answer -> answer.expect(201));
        assertThat(answers.stream().map(Answer::json).distinct()).hasSize(1);
        assertThat(sender.api().get("/api/jobs").expect(200).json().path("data"))
                .hasSize(1);
        assertThat(sender.credits()).isEqualTo(new Balance(98, 2, 0));
    }

    @Test
    void refusesTheKeyForAnotherBody() {
        Person sender = world.newPersonWith(10);
        sender.api().post("/api/jobs", BODY, key).expect(201);

        Answer other = sender.api()
                .post("/api/jobs", Person.newJob("Something else."), key)
                .expect(422);

        assertThat(other.text("/code")).isEqualTo("idempotency_mismatch");
        assertThat(sender.credits()).isEqualTo(new Balance(8, 2, 0));
    }

    @Test
    void decidesForOneOfTwoBodiesThatComeAtOnce() {
        Person sender = world.newPersonWith(100);

        List<Answer> answers =
                Burst.of(20, number -> sender.api().post("/api/jobs", Person.newJob("Body " + number % 2), key));

        List<Answer> created =
                answers.stream().filter(answer -> answer.status() == 201).toList();
        assertThat(created).hasSize(10);
        assertThat(created.stream().map(answer -> answer.text("/id")).distinct())
                .hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 201)
                .allSatisfy(
                        answer -> assertThat(answer.expect(422).text("/code")).isEqualTo("idempotency_mismatch"));
        assertThat(sender.credits()).isEqualTo(new Balance(98, 2, 0));
    }

    @Test
    void repeatsARefusalEvenWhenItCouldBeFulfilledNow() {
        Person sender = world.newPerson("Sam");
        sender.api().post("/api/jobs", BODY, key).expect(402);
        grant(sender, UUID.randomUUID().toString()).expect(201);

        Answer again = sender.api().post("/api/jobs", BODY, key).expect(402);

        assertThat(again.header(REPLAYED)).contains("true");
        assertThat(sender.credits()).isEqualTo(new Balance(7, 0, 0));
    }

    @Test
    void keepsTheKeysOfTwoCallersApart() {
        Person one = world.newPersonWith(10);
        Person other = world.newPersonWith(10);

        Answer first = one.api().post("/api/jobs", BODY, key).expect(201);
        Answer second = other.api().post("/api/jobs", BODY, key).expect(201);

        assertThat(second.header(REPLAYED)).isEmpty();
        assertThat(second.text("/id")).isNotEqualTo(first.text("/id"));
    }

    @Test
    void grantsAndMakesUsersOnceToo() {
        Person person = world.newPerson("Sam");

        Answer granted = grant(person, key).expect(201);
        Answer grantedAgain = grant(person, key).expect(201);
        Answer user = world.admin()
                .post("/api/users", "{\"name\": \"Kim\"}", key + "u")
                .expect(201);
        Answer userAgain = world.admin()
                .post("/api/users", "{\"name\": \"Kim\"}", key + "u")
                .expect(201);

        assertThat(granted.number("/available")).isEqualTo(7);
        assertThat(grantedAgain.header(REPLAYED)).contains("true");
        assertThat(grantedAgain.json()).isEqualTo(granted.json());
        assertThat(person.credits()).isEqualTo(new Balance(7, 0, 0));
        assertThat(userAgain.header(REPLAYED)).contains("true");
        assertThat(userAgain.text("/user/id")).isEqualTo(user.text("/user/id"));
    }

    /** Whoever has heard no answer asks again, however late that is. */
    @Test
    void repeatsAGrantWhoseCreditsHaveLapsedMeanwhile() {
        Person person = world.newPerson("Sam");
        Instant expiry = Instant.now().plusSeconds(3);
        String until = ", \"expires_at\": \"" + expiry + "\"";

        Answer granted = grant(person, until, key).expect(201);
        eventually("the grant's time is over").until(() -> expiry.isBefore(Instant.now()));
        Answer again = grant(person, until, key).expect(201);

        assertThat(again.header(REPLAYED)).contains("true");
        assertThat(again.json()).isEqualTo(granted.json());
        assertThat(grant(person, until, key + "other").expect(400).text("/field"))
                .isEqualTo("expires_at");
        String earlier = ", \"expires_at\": \"" + expiry.minusSeconds(1) + "\"";
        assertThat(grant(person, earlier, key).expect(422).text("/code")).isEqualTo("idempotency_mismatch");
    }

    private Answer grant(Person person, String idempotencyKey) {
        return grant(person, "", idempotencyKey);
    }

    private Answer grant(Person person, String more, String idempotencyKey) {
        String body = "{\"user_id\": \"" + person.id() + "\", \"amount\": 7, \"reason\": \"a gift\"" + more + "}";
        return world.admin().post("/api/credits/grants", body, idempotencyKey);
    }
}
