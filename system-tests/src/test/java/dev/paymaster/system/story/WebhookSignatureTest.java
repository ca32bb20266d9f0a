package dev.paymaster.system.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.Topics;
import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What isn't signed by Stripe, now, is refused before it gets any further. */
class WebhookSignatureTest implements Scenario {
    private static final String SOME_HEX = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private final World world = World.shared();
    private final String event = event("evt_" + UUID.randomUUID());
    private long recordsBefore;

    @Override
    public World world() {
        return world;
    }

    @BeforeEach
    void countRecords() {
        world.comesToRest();
        recordsBefore = world.kafka().size(Topics.STRIPE_EVENTS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "=",
                "t",
                "t=",
                "t=abc",
                "t=1795000000",
                "t=12345678901234567890,v1=" + SOME_HEX,
                "t=-1,v1=" + SOME_HEX,
                "t=1e9,v1=" + SOME_HEX,
                "v1=" + SOME_HEX,
                "v1",
                "t=1795000000,v1",
                "t=1795000000,v1=",
                "t=1795000000,v1=not-hex",
                "t=1795000000,v0=" + SOME_HEX,
                "t=1795000000;v1=" + SOME_HEX,
            })
    void refusesAMalformedHeader(String header) {
        isRefused(world.webhooks().deliver(event, header));
    }

    @Test
    void refusesAMissingHeader() {
        isRefused(world.webhooks().deliverUnsigned(event));
    }

    @ParameterizedTest
    @ValueSource(longs = {-301, -86_400, 360, 86_400})
    void refusesATimeThatIsNotNow(long seconds) {
        Instant then = Instant.now().plus(Duration.ofSeconds(seconds));

        isRefused(world.webhooks().deliver(event, world.webhooks().signature(event, then)));
    }

    @Test
    void refusesAnotherSignature() {
        Instant now = Instant.now();
        String signature = world.webhooks().signature(event("evt_other"), now);

        isRefused(world.webhooks().deliver(event, signature));
        isRefused(world.webhooks().deliver(event, "t=" + now.getEpochSecond() + ",v1=" + SOME_HEX));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "17", "{\"id\": 5, \"type\": []}"})
    void refusesASignedBodyThatIsNoEvent(String body) {
        isRefused(world.webhooks().deliver(body));
    }

    @Test
    void takesOneGoodSignatureAmongOthers() {
        String good = world.webhooks().signature(event, Instant.now());
        String more = good.replace(",v1=", ",v0=abc,v1=" + SOME_HEX + ",v1=");

        world.webhooks().deliver(event, more).expect(200);

        assertThat(world.kafka().read(Topics.STRIPE_EVENTS))
                .filteredOn(record -> new String(record.value(), StandardCharsets.UTF_8).equals(event))
                .as("byte for byte as it was signed")
                .hasSize(1);
    }

    private void isRefused(Answer answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(400);
        assertThat(answer.header("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(world.kafka().size(Topics.STRIPE_EVENTS)).isEqualTo(recordsBefore);
    }

    private static String event(String id) {
        return """
                {"id":"%s","object":"event","api_version":"2026-07-29.dahlia","created":1795000000,\
                "data":{"object":{"id":"cus_none","object":"customer"}},"livemode":false,"pending_webhooks":1,\
                "request":{"id":null,"idempotency_key":null},"type":"customer.updated"}""".formatted(id);
    }
}
