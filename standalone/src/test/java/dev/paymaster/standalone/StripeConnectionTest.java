package dev.paymaster.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StripeConnectionTest {

    @Test
    void blanksEveryValueWhenStripeIsOff() {
        assertThat(StripeConnection.off().arguments()).hasSize(6).allMatch(argument -> argument.endsWith("="));
    }

    @Test
    void passesTheEnvironmentOn() {
        StripeConnection connection = StripeConnection.of(Map.of(
                "STRIPE_SECRET_KEY", "sk_test_1", "STRIPE_WEBHOOK_SECRET", "whsec_1", "STRIPE_PRICE_PRO", "price_1"));
        assertThat(connection.arguments())
                .contains(
                        "--stripe.secret-key=sk_test_1",
                        "--stripe.webhook-secret=whsec_1",
                        "--stripe.prices.pro=price_1",
                        "--stripe.prices.team=");
    }

    @Test
    void namesTheMissingKey() {
        assertThatThrownBy(() -> StripeConnection.of(Map.of()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("STRIPE_SECRET_KEY");
    }

    @Test
    void keepsSecretsOutOfItsText() {
        assertThat(StripeConnection.of(Map.of("STRIPE_SECRET_KEY", "sk_test_1")).toString())
                .doesNotContain("sk_test_1");
    }

    @Test
    void namesEverythingThatIsMissingOrCannotBeRight() {
        assertThatThrownBy(() -> StripeConnection.require(Map.of(
                        "STRIPE_SECRET_KEY", "pk_test_1",
                        "STRIPE_WEBHOOK_SECRET", "nonsense",
                        "STRIPE_PRICE_STARTER", "prod_1",
                        "STRIPE_PRICE_PRO", "price_...",
                        "STRIPE_PRICE_TEAM", "price_1, prod_2")))
                .isInstanceOf(StartRefused.class)
                .hasMessageContainingAll(
                        "STRIPE_SECRET_KEY is not",
                        "STRIPE_WEBHOOK_SECRET is not",
                        "STRIPE_PRICE_STARTER is not",
                        "STRIPE_PRICE_PRO is not",
                        "STRIPE_PRICE_TEAM is not");
        assertThatCode(() -> StripeConnection.require(Map.of(
                        "STRIPE_SECRET_KEY", "rk_live_1",
                        "STRIPE_WEBHOOK_SECRET", "whsec_1,whsec_2",
                        "STRIPE_PRICE_STARTER", "price_1",
                        "STRIPE_PRICE_PRO", "gold",
                        "STRIPE_PRICE_TEAM", "price_3, price_4")))
                .doesNotThrowAnyException();
    }
}
