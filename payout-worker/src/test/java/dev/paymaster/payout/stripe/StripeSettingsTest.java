package dev.paymaster.payout.stripe;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long an answer is waited for. */
class StripeSettingsTest {
    /** A call that lasts longer could outlive its lease, and another worker would call beside it. */
    @Test
    void waitsForAnAnswerNoLongerThanLeasesReckonWith() {
        assertThatCode(() -> waiting(Duration.ofSeconds(10))).doesNotThrowAnyException();
        assertThatThrownBy(() -> waiting(Duration.ofMillis(10_001))).hasMessageContaining("stripe.read-timeout");
        assertThatThrownBy(() -> waiting(Duration.ZERO)).hasMessageContaining("stripe.read-timeout");
    }

    private static StripeSettings waiting(Duration readTimeout) {
        return new StripeSettings("sk_test_1", "", readTimeout);
    }
}
