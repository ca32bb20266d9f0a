package dev.paymaster.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StripeSettingsTest {
    @Test
    void isOffWithoutAKey() {
        assertThat(new StripeSettings("").isOff()).isTrue();
        assertThat(new StripeSettings(" ").isOff()).isTrue();
        assertThat(new StripeSettings("sk_test_1").isOff()).isFalse();
    }

    @Test
    void keepsTheKeyOutOfLogs() {
        assertThat(new StripeSettings("sk_test_1")).hasToString("StripeSettings[on]");
    }
}
