package dev.paymaster.system.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.Topics;
import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that a client says is silently changed or ignored. */
class InputTest implements Scenario {
    private static final int MEBIBYTE = 1 << 20;

    private final World world = World.shared();
    private final Person person = world.newPersonWith(10);

    @Override
    public World world() {
        return world;
    }

    @Test
    void refusesAFormWhereJsonIsWanted() {
        String code = person.api()
                .submit("/api/jobs", "prompt=Who+keeps+the+books")
                .expect(415)
                .text("/code");

        assertThat(code).isEqualTo("unsupported_media_type");
        assertThat(person.credits().held()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.9",
                "1.0",
                "\"100\"",
                "1e3",
                "-1.5",
                "9223372036854775808",
                "1e400",
                "0",
                "true",
                "null",
                "[1]",
                "{}",
                "0x10",
                "01",
                "NaN",
            })
    void refusesAnAmountThatIsNoWholeNumber(String amount) {
        isRefused(world.admin().post("/api/credits/grants", """
                {"user_id": "%s", "amount": %s, "reason": "for a test"}""".formatted(person.id(), amount)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"user_id\": \"%s\", \"amount\": 1, \"amount\": 2, \"reason\": \"twice\"}",
                "{\"user_id\": \"%s\", \"amount\": 1, \"reason\": \"more\", \"colour\": \"red\"}",
                "{\"user_id\": \"%s\", \"reason\": \"nothing\"}",
                "{\"user_id\": \"%s\", \"amount\": 1}",
                "{\"user_id\": \"%s\", \"amount\": 1, \"reason\": 5}",
                "{\"user_id\": \"%s\", \"amount\": 1, \"reason\": \"tail\"} {}",
                "{\"user_id\": \"%s\", \"amount\": 1, \"reason\": \"cut\"",
                "{\"user_id\": \"%s0\", \"amount\": 1, \"reason\": \"no id\"}",
                "{\"user_id\": \"%s\", \"amount\": -1, \"reason\": \"less\", \"expires_at\": \"2099-01-01T00:00:00Z\"}",
                "{\"user_id\": \"%s\", \"amount\": 1, \"reason\": \"when\", \"expires_at\": 4070908800}",
            })
    void refusesAGrantThatIsNotAsDescribed(String body) {
        isRefused(world.admin().post("/api/credits/grants", body.formatted(person.id())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "\"prompt\"",
                "{}",
                "{\"prompt\": null}",
                "{\"prompt\": \"  \"}",
                "{\"prompt\": 5}",
                "{\"prompt\": true}",
                "{\"prompt\": \"NUL \\u0000\"}",
                "{\"prompt\": \"half \\ud800\"}",
                "{\"prompt\": \"a\", \"prompt\": \"b\"}",
                "{\"prompt\": \"a\", \"sender\": \"0198c0de-0000-7000-8000-000000000000\"}",
                "{\"prompt\": \"a\", \"credit_cost\": 0}",
                "{\"prompt\": \"a\", \"skill\": \"mind reading\"}",
            })
    void refusesAJobThatIsNotAsDescribed(String body) {
        isRefused(person.api().post("/api/jobs", body));
        assertThat(person.api().get("/api/jobs").expect(200).json().path("data"))
                .isEmpty();
    }

    /** Browsers come back to where this service is, and nowhere else. */
    @ParameterizedTest
    @ValueSource(strings = {"return_url", "success_url", "cancel_url"})
    void letsNobodySayWhereABrowserIsSentTo(String field) {
        String address = "\"" + field + "\": \"https://elsewhere.example/\"";

        isRefused(person.api().post("/api/stripe/checkout", "{\"tier\": \"pro\", " + address + "}"));
        isRefused(person.api().post("/api/stripe/topups", "{\"pack\": \"small\", " + address + "}"));
    }

    @Test
    void refusesABodyOfMoreThanAMebibyteAndTakesALargeOne() {
        long before = world.kafka().size(Topics.JOB_COMMANDS);
        String envelope = Person.newJob("");
        String large = Person.newJob("a".repeat(MEBIBYTE - envelope.length()));
        String larger = Person.newJob("a".repeat(MEBIBYTE - envelope.length() + 1));

        isTooLarge(person.api().post("/api/jobs", larger));
        isTooLarge(person.api()
                .send(person.api()
                        .request("/api/jobs")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofInputStream(
                                () -> new ByteArrayInputStream(larger.getBytes(StandardCharsets.UTF_8))))));
        assertThat(world.kafka().size(Topics.JOB_COMMANDS)).isEqualTo(before);

        person.api().post("/api/jobs", large).expect(201);
    }

    @Test
    void keepsEveryCharacterOfAText() {
        String text = "Grüße 你好 🦉 \\\" \\\\ \\n \\t </script> %s ' ; --";

        Answer created = person.api().post("/api/jobs", Person.newJob(text)).expect(201);

        String expected = "Grüße 你好 🦉 \" \\ \n \t </script> %s ' ; --";
        assertThat(created.text("/prompt")).isEqualTo(expected);
        assertThat(person.api()
                        .get("/api/jobs/" + created.text("/id"))
                        .expect(200)
                        .text("/prompt"))
                .isEqualTo(expected);
    }

    @Test
    void pagesThroughAListWithoutGapsOrRepetitions() {
        List<String> newestFirst = List.of(person.createJob(), person.createJob(), person.createJob())
                .reversed();

        Answer first = person.api().get("/api/jobs?limit=2").expect(200);
        Answer second = person.api()
                .get("/api/jobs?limit=2&cursor=" + first.text("/next_cursor"))
                .expect(200);

        assertThat(List.of(first.text("/data/0/id"), first.text("/data/1/id"), second.text("/data/0/id")))
                .isEqualTo(newestFirst);
        assertThat(second.json().path("data")).hasSize(1);
        assertThat(second.json().path("next_cursor").isNull()).isTrue();
        assertThat(person.api().get("/api/jobs?limit=101").status()).isEqualTo(400);
        assertThat(person.api().get("/api/jobs?cursor=nonsense").status()).isEqualTo(400);
    }

    private void isTooLarge(Answer answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(413);
        Problems.isProblem(answer);
    }

    private void isRefused(Answer answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(400);
        Problems.isProblem(answer);
        assertThat(person.credits()).isEqualTo(new Person.Balance(10, 0, 0));
    }
}
