package dev.paymaster.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.paymaster.credit.TariffSettings.TierSettings;
import dev.paymaster.credit.billing.Terms.ForeignCurrency;
import dev.paymaster.credit.invoice.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TariffSettingsTest {
    private static final TariffSettings DEFAULTS = new TariffSettings(List.of());

    @Test
    void theDefaultTiersNeedOnlyTheirPrices() {
        StripeSettings stripe = new StripeSettings(
                "sk_test_1",
                Map.of("starter", "price_1", "pro", "price_2", "team", "price_3"),
                ForeignCurrency.REFUSE,
                "");

        assertThat(DEFAULTS.tariff(stripe).plans())
                .containsOnly(
                        Map.entry("price_1", new Plan("starter", 50, false, null)),
                        Map.entry("price_2", new Plan("pro", 150, false, null)),
                        Map.entry("price_3", new Plan("team", 500, false, null)));
    }

    @Test
    void otherTiersReplaceTheDefaults() {
        TariffSettings settings = new TariffSettings(List.of(new TierSettings("solo", 7, true, Duration.ofDays(30))));

        assertThat(settings.tariff(
                                new StripeSettings("sk_test_1", Map.of("solo", "price_9"), ForeignCurrency.REFUSE, ""))
                        .plans())
                .containsOnly(Map.entry("price_9", new Plan("solo", 7, true, Duration.ofDays(30))));
    }

    @Test
    void aMissingPriceIsNamedByItsVariable() {
        StripeSettings stripe =
                new StripeSettings("sk_test_1", Map.of("starter", "price_1", "pro", " "), ForeignCurrency.REFUSE, "");

        assertThatIllegalStateException()
                .isThrownBy(() -> DEFAULTS.tariff(stripe))
                .withMessageContaining("STRIPE_PRICE_PRO");
    }

    @Test
    void spacesAroundAPriceAreNotPartOfIt() {
        StripeSettings stripe = new StripeSettings(
                "sk_test_1",
                Map.of("starter", " price_1", "pro", "price_2 ", "team", "\tprice_3\n"),
                ForeignCurrency.REFUSE,
                "");

        assertThat(DEFAULTS.tariff(stripe).plans()).containsOnlyKeys("price_1", "price_2", "price_3");
    }

    @Test
    void onePriceCannotBuyTwoTiers() {
        StripeSettings stripe = new StripeSettings(
                "sk_test_1",
                Map.of("starter", "price_1", "pro", "price_1 ", "team", "price_3"),
                ForeignCurrency.REFUSE,
                "");

        assertThatIllegalStateException()
                .isThrownBy(() -> DEFAULTS.tariff(stripe))
                .withMessageContaining("price_1");
    }

    @Test
    void theKeyTellsTheMode() {
        assertThat(List.of("sk_live_1", " rk_live_1"))
                .allMatch(key -> new StripeSettings(key, Map.of(), ForeignCurrency.REFUSE, "").isLive());
        assertThat(List.of("sk_test_1", "rk_test_1", ""))
                .noneMatch(key -> new StripeSettings(key, Map.of(), ForeignCurrency.REFUSE, "").isLive());
    }

    @Test
    void theKeyStaysOutOfLogs() {
        assertThat(new StripeSettings("sk_test_secret", Map.of(), ForeignCurrency.REFUSE, "").toString())
                .doesNotContain("secret");
    }
}
