package dev.paymaster.gateway;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.embedded.EmbeddedBroker;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @ParameterizedTest
    @CsvSource({
        "--stripe.webhook-secret=, STRIPE_WEBHOOK_SECRET is missing",
        "--stripe.prices.pro=, STRIPE_PRICE_PRO is missing",
        "--stripe.prices.pro= price_1, STRIPE_PRICE_STARTER and STRIPE_PRICE_PRO have the same price",
        "'--stripe.prices.pro=price_2, price_1', STRIPE_PRICE_STARTER and STRIPE_PRICE_PRO have the same price",
        "--paymaster.admin-key=short, PAYMASTER_ADMIN_KEY is missing or shorter",
        "--paymaster.public-url=ftp://x, PAYMASTER_PUBLIC_URL must be",
    })
    void namesTheVariableThatIsMissing(String setting, String message) {
        String database = "gateway_settings_" + Integer.toUnsignedString(setting.hashCode());
        assertThatThrownBy(() -> RunningGateway.start(database, EmbeddedBroker.shared(), setting)
                        .close())
                .hasStackTraceContaining(message);
    }
}
