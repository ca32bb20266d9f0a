package dev.paymaster.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.gateway.Http.Answer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsersTest {
    private static RunningGateway gateway;
    private static Http admin;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start("gateway_users", EmbeddedBroker.shared());
        admin = new Http(gateway.url(), RunningGateway.ADMIN_KEY);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void showsAKeyOnceAndKeepsOnlyItsHash() {
        String idempotencyKey = UUID.randomUUID().toString();
        Answer made = create("{\"name\": \"Ida\", \"email\": \"ida@example.org\"}", idempotencyKey);
        String key = made.body().path("key").asString();

        assertThat(made.status()).isEqualTo(201);
        Answer whoami = admin.as(key).get("/api/whoami");
        assertThat(whoami.body().path("user").path("name").asString()).isEqualTo("Ida");
        assertThat(whoami.body().path("user").path("credits").asLong()).isZero();
        assertThat(admin.as(key).post("/api/whoami", "").body()).isEqualTo(whoami.body());
        for (String table : List.of("app_user", "api_key", "repeatable_call")) {
            assertThat(gateway.owner.queryForList("SELECT t::text FROM identity." + table + " t", String.class))
                    .noneMatch(row -> row.contains(key) || row.contains(hex(key)));
        }
    }

    @Test
    void givesTheFirstAnswerAgainForTheSameRequest() {
        String idempotencyKey = UUID.randomUUID().toString();
        Answer first = create("{\"name\": \"Ada\"}", idempotencyKey);
        Answer again = create("{\"name\": \"Ada\"}", idempotencyKey);

        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(create("{\"name\": \"Eve\"}", idempotencyKey).status()).isEqualTo(422);
        assertThat(usersNamed("Ada")).isEqualTo(1);
        assertThat(usersNamed("Eve")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bearer ", "BEARER   "})
    void knowsTheSameCallerHoweverTheHeaderIsWritten(String scheme) {
        String idempotencyKey = UUID.randomUUID().toString();
        String wanted = "{\"name\": \"Ian\"}";
        Answer first = create(wanted, idempotencyKey);
        Answer again = admin.withScheme(scheme).post("/api/users", wanted, "Idempotency-Key", idempotencyKey);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void carriesOutOneOfManyRequestsWithOneKey() {
        String idempotencyKey = UUID.randomUUID().toString();
        var answers = java.util.stream.IntStream.range(0, 20)
                .mapToObj(_ -> admin.postAsync("/api/users", "{\"name\": \"Zoe\"}", "Idempotency-Key", idempotencyKey))
                .toList();

        assertThat(answers.stream().map(Http::await))
                .allMatch(answer -> answer.status() == 201)
                .extracting(answer -> answer.body().path("key").asString())
                .containsOnly(Http.await(answers.getFirst()).body().path("key").asString());
        assertThat(usersNamed("Zoe")).isEqualTo(1);
    }

    @Test
    void endsAKeyAtOnceWhenItIsRevoked() {
        Answer made = create("{\"name\": \"Rob\"}", UUID.randomUUID().toString());
        String id = made.body().path("user").path("id").asString();
        Http rob = admin.as(made.body().path("key").asString());
        String second =
                rob.post("/api/users/" + id + "/keys", "").body().path("key").asString();
        assertThat(rob.get("/api/whoami").status()).isEqualTo(200);

        assertThat(admin.as(second)
                        .delete("/api/keys/" + made.body().path("key_id").asString())
                        .status())
                .isEqualTo(204);

        assertThat(rob.get("/api/whoami").status()).isEqualTo(401);
        assertThat(admin.as(second).get("/api/whoami").status()).isEqualTo(200);
    }

    @Test
    void hidesOtherUsers() {
        Answer made = create("{\"name\": \"Sue\"}", UUID.randomUUID().toString());
        Answer other = create("{\"name\": \"Tim\"}", UUID.randomUUID().toString());
        Http sue = admin.as(made.body().path("key").asString());
        String tim = other.body().path("user").path("id").asString();

        assertThat(sue.get("/api/users/" + tim).status()).isEqualTo(404);
        assertThat(sue.post("/api/users/" + tim + "/keys", "").status()).isEqualTo(404);
        assertThat(sue.delete("/api/keys/" + other.body().path("key_id").asString())
                        .status())
                .isEqualTo(404);
        assertThat(sue.post("/api/users", "{\"name\": \"X\"}").status()).isEqualTo(403);
        assertThat(sue.get("/api/users/" + made.body().path("user").path("id").asString())
                        .status())
                .isEqualTo(200);
        assertThat(admin.get("/api/users/" + tim).status()).isEqualTo(200);
        assertThat(admin.as(other.body().path("key").asString())
                        .get("/api/whoami")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | name is missing",
                "{'name': ' '} | name is missing",
                "{'name': 7} | name is not a string",
                "{'name': 'A', 'email': 'x'} | email is not an address",
                "{'name': 'A', 'admin': true} | admin is not a field of this call",
                "{'name': 'A', 'name': 'B'} | Duplicate field \"name\"",
                "{'name' | the body is not well-formed JSON",
                "[] | the body must be one JSON object",
                "null | the request needs a JSON object as its body",
            })
    void saysWhatIsWrongWithARequest(String body, String detail) {
        Answer answer = admin.post("/api/users", body.replace('\'', '"'));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("detail").asString()).isEqualTo(detail);
        assertThat(answer.body().path("error").asString()).isEqualTo(detail);
        assertThat(answer.body().path("request_id").asString()).isEqualTo(answer.header("X-Request-Id"));
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    private static Answer create(String body, String idempotencyKey) {
        return admin.post("/api/users", body, "Idempotency-Key", idempotencyKey);
    }

    private static int usersNamed(String name) {
        return gateway.owner
                .queryForList("SELECT id FROM identity.app_user WHERE name = ?", name)
                .size();
    }

    private static String hex(String text) {
        return java.util.HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
