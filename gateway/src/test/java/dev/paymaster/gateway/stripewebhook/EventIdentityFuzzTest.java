package dev.paymaster.gateway.stripewebhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.paymaster.gateway.http.Problem;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever a body holds is read as Jackson reads it, or refused. */
class EventIdentityFuzzTest {
    private static final JsonMapper PLAIN = JsonMapper.shared();

    static Stream<byte[]> seeds() {
        return Stream.of("""
                        {"id": "evt_1", "type": "invoice.paid", "data": {"object": {"id": "in_1", "customer": "cus_1"}}}""", """
                        {"id":"evt_2","type":"a","account":"acct_1","data":{"object":{"object":"customer","id":"cus_1"}},"x":[{}]}""", """
                        {"id":"evt_3","id":"evt_4","type":"a","data":{"object":{"customer":{"id":"cus_2","n":null}}},"n":-1.5e3}""").map(event -> event.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "2s")
    void readsWhatJacksonReads(byte[] body) {
        EventIdentity identity;
        try {
            identity = EventIdentity.read(body);
        } catch (Problem refusal) {
            assertThat(refusal.status()).isEqualTo(HttpStatus.BAD_REQUEST);
            return;
        }
        JsonNode event;
        try {
            event = PLAIN.readTree(body);
        } catch (JacksonException e) {
            // What is passed over isn't looked at: workers do that, and have dead letters for it.
            return;
        }
        assertThat(identity.id()).isEqualTo(event.path("id").stringValue(null));
        assertThat(identity.type()).isEqualTo(event.path("type").stringValue(null));
        assertThat(identity.key()).isNotBlank();
        assertThat(identity.subject()).isNotBlank();
    }
}
