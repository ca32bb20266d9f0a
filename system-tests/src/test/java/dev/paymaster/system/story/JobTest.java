package dev.paymaster.system.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Burst;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.Person.Balance;
import dev.paymaster.system.world.World;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What jobs do to credits. */
class JobTest implements Scenario {
    private final World world = World.shared();

    @Override
    public World world() {
        return world;
    }

    @Test
    void refusesAJobWithOneCreditLeftAndChangesNothing() {
        Person sender = world.newPersonWith(3);
        sender.createJob();
        JsonNode before = everythingOf(sender);

        Answer refused = sender.askForJob().expect(402);

        assertThat(refused.text("/code")).isEqualTo("insufficient_credits");
        assertThat(refused.number("/required")).isEqualTo(2);
        assertThat(refused.number("/available")).isEqualTo(1);
        assertThat(sender.credits()).isEqualTo(new Balance(1, 2, 0));
        assertThat(everythingOf(sender)).isEqualTo(before);
    }

    @Test
    void createsExactlyAsManyJobsAsThereAreCreditsFor() {
        Person sender = world.newPersonWith(200);

        List<Answer> answers = Burst.of(200, _ -> sender.askForJob());

        assertThat(answers.stream().collect(Collectors.groupingBy(Answer::status, Collectors.counting())))
                .containsOnly(Map.entry(201, 100L), Map.entry(402, 100L));
        assertThat(answers.stream().filter(answer -> answer.status() == 201).map(answer -> answer.text("/id")))
                .doesNotHaveDuplicates();
        assertThat(sender.credits()).isEqualTo(new Balance(0, 200, 0));
    }

    /** Two services write to one account: credits come in while others are held, released and captured. */
    @Test
    void losesNoCreditBetweenGrantsAndJobs() {
        Person sender = world.newPersonWith(200);
        Person receiver = world.newPerson("Robin");

        List<Answer> answers = Burst.of(120, number -> switch (number % 3) {
            case 0 -> world.grant(sender, 1);
            case 1 -> sender.cancel(sender.createJob());
            default -> sender.api().get("/api/jobs/" + world.verifiedJob(sender, receiver));
        });

        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isBetween(200, 201));
        assertThat(sender.credits()).isEqualTo(new Balance(200 + 40 - 2 * 40, 0, 0));
    }

    @Test
    void givesCreditsBackForWhatWasCancelledOrRejected() {
        Person sender = world.newPersonWith(10);
        Person receiver = world.newPerson("Robin");
        String cancelled = sender.createJob();
        String rejected = sender.createJob();
        assertThat(sender.credits()).isEqualTo(new Balance(6, 4, 0));

        assertThat(sender.cancel(cancelled).expect(200).text("/status")).isEqualTo("cancelled");
        assertThat(sender.credits()).isEqualTo(new Balance(8, 2, 0));
        receiver.accept(rejected).expect(200);
        receiver.submit(rejected).expect(200);
        assertThat(sender.verify(rejected, false).expect(200).text("/status")).isEqualTo("rejected");

        assertThat(sender.credits()).isEqualTo(new Balance(10, 0, 0));
        world.comesToRest();
        assertThat(receiver.api().get("/api/payouts").expect(200).json().path("data"))
                .isEmpty();
    }

    @Test
    void refusesWhatTheStateDoesNotAllow() {
        Person sender = world.newPersonWith(10);
        Person receiver = world.newPerson("Robin");
        String job = sender.createJob();

        assertThat(sender.accept(job).expect(409).text("/code")).isEqualTo("own_job");
        assertThat(sender.verify(job, true).expect(409).text("/code")).isEqualTo("invalid_state");
        receiver.accept(job).expect(200);
        Answer taken = world.newPerson("Kim").accept(job).expect(409);
        assertThat(taken.text("/code")).isEqualTo("invalid_state");
        assertThat(sender.cancel(job).expect(409).text("/code")).isEqualTo("invalid_state");

        assertThat(sender.api().get("/api/jobs/" + job).expect(200).text("/status"))
                .isEqualTo("accepted");
        assertThat(sender.credits()).isEqualTo(new Balance(8, 2, 0));
    }

    @Test
    void letsOneReceiverOfManyHaveAJob() {
        Person sender = world.newPersonWith(10);
        List<Person> receivers = List.of(world.newPerson("Robin"), world.newPerson("Kim"), world.newPerson("Alex"));
        String job = sender.createJob();

        List<Answer> answers =
                Burst.of(12, number -> receivers.get(number % receivers.size()).accept(job));

        List<Answer> accepted =
                answers.stream().filter(answer -> answer.status() == 200).toList();
        assertThat(accepted).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 200)
                .allSatisfy(answer -> assertThat(answer.status()).isEqualTo(409));
        assertThat(sender.api().get("/api/jobs/" + job).expect(200).text("/receiver"))
                .isEqualTo(accepted.getFirst().text("/receiver"));
    }

    private static JsonNode everythingOf(Person person) {
        return JsonMapper.shared()
                .createArrayNode()
                .add(person.api().get("/api/credits").expect(200).json())
                .add(person.api().get("/api/credits/entries").expect(200).json())
                .add(person.api().get("/api/jobs").expect(200).json());
    }
}
