package dev.paymaster.gateway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.gateway.stripe.ListPage.Item;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EventOfTest {
    @Test
    void isOfTheModeThatTheObjectSays() {
        assertThat(event("{\"id\": \"in_1\", \"livemode\": true}")
                        .path("livemode")
                        .booleanValue())
                .isTrue();
        assertThat(event("{\"id\": \"in_1\", \"livemode\": false}")
                        .path("livemode")
                        .booleanValue())
                .isFalse();
    }

    /** Else refunds of real money would be refused as those of a test. */
    @Test
    void isOfNoModeWhenTheObjectSaysNone() {
        assertThat(event("{\"id\": \"re_1\", \"object\": \"refund\"}").has("livemode"))
                .isFalse();
    }

    private static JsonNode event(String object) {
        Item item = new Item("re_1", 1, object.getBytes(StandardCharsets.UTF_8));
        return JsonMapper.shared()
                .readTree(EventOf.object("refund.updated", item).json());
    }
}
