package dev.paymaster.payout.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.messaging.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StripeModeTest {
    private static final String OF_ACCOUNT = "\"account\": \"acct_1\", ";

    @Test
    void passesOverTestEventsOfAccountsWhileItsKeyIsLive() {
        assertThat(StripeMode.of("sk_live_1").isOthers(event(OF_ACCOUNT, false)))
                .isTrue();
        assertThat(StripeMode.of("sk_live_1").isOthers(event(OF_ACCOUNT, true))).isFalse();
    }

    @Test
    void refusesWhatElseIsOfTheOtherMode() {
        StripeMode live = StripeMode.of("rk_live_1");
        StripeMode test = StripeMode.of("sk_test_1");

        assertThatThrownBy(() -> live.isOthers(event("", false))).isInstanceOf(UnreadableRecordException.class);
        assertThatThrownBy(() -> test.isOthers(event("", true))).isInstanceOf(UnreadableRecordException.class);
        assertThatThrownBy(() -> test.isOthers(event(OF_ACCOUNT, true))).isInstanceOf(UnreadableRecordException.class);
    }

    @Test
    void believesBothWithoutAKey() {
        assertThat(StripeMode.of(" ").isOthers(event("", true))).isFalse();
        assertThat(StripeMode.of(" ").isOthers(event("", false))).isFalse();
    }

    private static StripeEvent event(String account, boolean live) {
        return new StripeEvent(
                "account.updated", ("{" + account + "\"livemode\": " + live + "}").getBytes(StandardCharsets.UTF_8));
    }
}
