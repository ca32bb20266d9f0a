package dev.paymaster.system.story;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.fuzz.LogWatch;
import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Api;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Nobody sees or moves what is somebody else's, nor learns that it is there. */
class AccessTest implements Scenario {
    private final World world = World.shared();

    @Override
    public World world() {
        return world;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/whoami",
                "/api/credits",
                "/api/credits/entries",
                "/api/jobs",
                "/api/payouts",
                "/api/tiers",
                "/api/stripe/connect/status",
                "/api/nothing",
                "/api/jobs/0198c0de-0000-7000-8000-000000000000",
            })
    void asksWhoItIs(String path) {
        for (Api api : List.of(
                world.stranger(),
                world.stranger().as("pm_nobody"),
                world.stranger().as(world.standalone().adminKey() + "x"))) {
            Answer answer = api.get(path).expect(401);
            Problems.isProblem(answer);
            assertThat(answer.text("/code")).isEqualTo("unauthorized");
            assertThat(answer.header("WWW-Authenticate").orElse("")).startsWith("Bearer");
        }
    }

    /** Tokens that are signed don't exist here, so it makes no difference how, for whom, and by whom one is. */
    @Test
    void takesNoTokenForAKey() {
        String claims = base64(
                "{\"sub\":\"" + world.newPerson("Sam").id() + "\",\"roles\":[\"admin\"],\"aud\":\"another service\"}");

        for (String algorithm : List.of("none", "HS256", "RS256")) {
            String unsigned = base64("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}") + "." + claims + ".";
            isUnknown(unsigned);
            isUnknown(unsigned + base64("signed"));
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void takesNothingForAKeyThatOnlyContainsOneOrIsPartOfOne() {
        String key = world.standalone().adminKey();
        String begins = key.substring(0, key.length() - 1);
        String ends = key.substring(1);

        try (LogWatch log = new LogWatch(List.of(key, begins, ends))) {
            isUnknown(ends);
            isUnknown(begins);
            isUnknown("pm_nobody%0d%0aAuthorization: Bearer " + key);
            isUnknown("pm_nobody, Bearer " + key);

            assertThat(log.leaks()).isEmpty();
        }
    }

    private void isUnknown(String key) {
        Answer answer = world.stranger().as(key).get("/api/whoami").expect(401);
        assertThat(answer.text("/code")).isEqualTo("unauthorized");
    }

    /** Some proxies say so who calls; nobody here listens. */
    @ParameterizedTest
    @ValueSource(strings = {"X-User-Id", "X-Forwarded-User", "X-Remote-User"})
    void goesByTheKeyWhateverElseAHeaderSays(String header) {
        Person person = world.newPerson("Sam");
        String other = world.newPerson("Robin").id();

        Answer answer = person.api()
                .send(person.api().request("/api/whoami").header(header, other))
                .expect(200);
        assertThat(answer.text("/user/id")).isEqualTo(person.id());
        world.stranger()
                .send(world.stranger().request("/api/whoami").header(header, other))
                .expect(401);
    }

    @Test
    void saysWhoOneIs() {
        Person person = world.newPersonWith(7);

        for (Answer answer :
                List.of(person.api().get("/api/whoami"), person.api().post("/api/whoami"))) {
            assertThat(answer.expect(200).text("/user/id")).isEqualTo(person.id());
            assertThat(answer.text("/user/name")).isEqualTo("Sam");
            assertThat(answer.number("/user/credits")).isEqualTo(7);
            assertThat(answer.json().at("/user/roles").toString()).isEqualTo("[\"sender\",\"receiver\"]");
        }
    }

    @Test
    void asksWhoItIsBeforeItReadsABody() {
        world.stranger().post("/api/jobs", "{").expect(401);
        world.stranger()
                .send(world.stranger()
                        .request("/api/jobs")
                        .header("Authorization", "Basic YTpi")
                        .POST(BodyPublishers.ofString("{\"prompt\": \"a\"}")))
                .expect(401);
    }

    @Test
    void keepsAdministrationForAdministrators() {
        Person person = world.newPerson("Sam");

        Answer users = person.api().post("/api/users", "{\"name\": \"Kim\"}").expect(403);
        Answer grant = person.api().post("/api/credits/grants", """
                {"user_id": "%s", "amount": 1000, "reason": "for me"}""".formatted(person.id()));

        Problems.isProblem(users);
        assertThat(grant.expect(403).text("/code")).isEqualTo(users.text("/code"));
        assertThat(person.credits()).isEqualTo(new Person.Balance(0, 0, 0));
    }

    @Test
    void hidesSomebodyElsesJob() {
        Person sender = world.newPersonWith(10);
        Person receiver = world.newPerson("Robin");
        Person nosy = world.newPersonWith(10);
        String job = sender.createJob();
        receiver.accept(job).expect(200);
        String nowhere = UUID.randomUUID().toString();

        isTheSameNothing(nosy.api().get("/api/jobs/" + job), nosy.api().get("/api/jobs/" + nowhere));
        isTheSameNothing(nosy.submit(job), nosy.submit(nowhere));
        isTheSameNothing(nosy.verify(job, true), nosy.verify(nowhere, true));
        isTheSameNothing(nosy.cancel(job), nosy.cancel(nowhere));
        isTheSameNothing(receiver.verify(job, true), receiver.verify(nowhere, true));
        isTheSameNothing(nosy.api().get("/api/jobs/nonsense"), nosy.api().get("/api/jobs/" + nowhere));
        assertThat(nosy.api().get("/api/jobs").expect(200).json().path("data")).isEmpty();
        assertThat(sender.api().get("/api/jobs/" + job).expect(200).text("/status"))
                .isEqualTo("accepted");
    }

    /** It goes the same way as what isn't there, so that an answer before the outcome tells nothing, and neither does its time. */
    @Test
    void hidesSomebodyElsesJobAlsoFromWhoDoesNotWait() {
        Person sender = world.newPersonWith(10);
        Person nosy = world.newPerson("Nosy");
        String job = sender.createJob();

        for (String id : List.of(job, UUID.randomUUID().toString())) {
            Answer accepted = nosy.api()
                    .send(nosy.api()
                            .request("/api/jobs/" + id + "/cancel")
                            .header("Prefer", "respond-async")
                            .POST(BodyPublishers.noBody()))
                    .expect(202);
            String command = "/api/commands/" + accepted.text("/command_id");
            eventually("the command is refused")
                    .untilAsserted(
                            () -> assertThat(nosy.api().get(command).expect(404).text("/detail"))
                                    .isEqualTo("there is no such job that you may see"));
        }
        assertThat(sender.api().get("/api/jobs/" + job).expect(200).text("/status"))
                .isEqualTo("queued");
    }

    @Test
    void hidesSomebodyElsesPayout() {
        Person receiver = world.newPerson("Robin");
        Person nosy = world.newPerson("Kim");
        world.verifiedJob(world.newPersonWith(10), receiver);
        world.comesToRest();
        String payout = receiver.api().get("/api/payouts").expect(200).text("/data/0/id");

        receiver.api().get("/api/payouts/" + payout).expect(200);
        isTheSameNothing(nosy.api().get("/api/payouts/" + payout), nosy.api().get("/api/payouts/" + UUID.randomUUID()));
        assertThat(nosy.api().get("/api/payouts").expect(200).json().path("data"))
                .isEmpty();
        nosy.api().post("/api/payouts/" + payout + "/retry").expect(403);
        receiver.api()
                .post("/api/payouts/" + payout + "/reverse", "{\"reason\": \"mine\"}")
                .expect(403);
    }

    @Test
    void hidesUsersFromEachOther() {
        Person one = world.newPerson("Sam");
        Person other = world.newPerson("Kim");

        assertThat(one.api().get("/api/users/" + one.id()).expect(200).text("/name"))
                .isEqualTo("Sam");
        isTheSameNothing(one.api().get("/api/users/" + other.id()), one.api().get("/api/users/" + UUID.randomUUID()));
        one.api().post("/api/users/" + other.id() + "/keys").expect(404);
    }

    @Test
    void forgetsARevokedKey() {
        Person person = world.newPerson("Sam");
        Answer key = person.api().post("/api/users/" + person.id() + "/keys").expect(201);
        Api second = world.stranger().as(key.text("/key"));
        try (LogWatch log = new LogWatch(List.of(key.text("/key")))) {
            second.get("/api/whoami").expect(200);

            person.api().delete("/api/keys/" + key.text("/id")).expect(204);

            second.get("/api/whoami").expect(401);
            person.api().get("/api/whoami").expect(200);
            assertThat(log.leaks()).isEmpty();
        }
    }

    private static void isTheSameNothing(Answer hidden, Answer absent) {
        Problems.isProblem(hidden.expect(404));
        assertThat(withoutRequestId(hidden)).isEqualTo(withoutRequestId(absent.expect(404)));
    }

    private static ObjectNode withoutRequestId(Answer answer) {
        ObjectNode problem = (ObjectNode) answer.json();
        problem.remove("request_id");
        return problem;
    }
}
