package dev.paymaster.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.paymaster.credit.TariffSettings.TierSettings;
import dev.paymaster.credit.billing.Terms.ForeignCurrency;
import dev.paymaster.credit.invoice.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TariffSettingsTest {
    private static final TariffSettings DEFAULTS = new TariffSettings(List.of());

    @Test
    void theDefaultTiersNeedOnlyTheirPrices() {
        StripeSettings stripe = stripe("sk_test_1", Map.of("starter", "price_1", "pro", "price_2", "team", "price_3"));

        assertThat(DEFAULTS.tariff(stripe).plans())
                .containsOnly(
                        Map.entry("price_1", new Plan("starter", 50, false, null)),
                        Map.entry("price_2", new Plan("pro", 150, false, null)),
                        Map.entry("price_3", new Plan("team", 500, false, null)));
    }

    @Test
    void otherTiersReplaceTheDefaults() {
        TariffSettings settings = new TariffSettings(List.of(new TierSettings("solo", 7, true, Duration.ofDays(30))));

        assertThat(settings.tariff(stripe("sk_test_1", Map.of("solo", "price_9")))
                        .plans())
                .containsOnly(Map.entry("price_9", new Plan("solo", 7, true, Duration.ofDays(30))));
    }

    @Test
    void aMissingPriceIsNamedByItsVariable() {
        StripeSettings stripe = stripe("sk_test_1", Map.of("starter", "price_1", "pro", " "));

        assertThatIllegalStateException()
                .isThrownBy(() -> DEFAULTS.tariff(stripe))
                .withMessageContaining("STRIPE_PRICE_PRO");
    }

    @Test
    void spacesAroundAPriceAreNotPartOfIt() {
        StripeSettings stripe =
                stripe("sk_test_1", Map.of("starter", " price_1", "pro", "price_2 ", "team", "\tprice_3\n"));

        assertThat(DEFAULTS.tariff(stripe).plans()).containsOnlyKeys("price_1", "price_2", "price_3");
    }

    /** Whoever subscribed before a tier's price was raised pays the old one. */
    @Test
    void eachPriceOfATierBuysIt() {
        StripeSettings stripe = stripe(
                "sk_test_1", Map.of("starter", "price_1, price_0,", "pro", "price_2", "team", "price_3,price_3"));

        Map<String, Plan> plans = DEFAULTS.tariff(stripe).plans();

        assertThat(plans).containsOnlyKeys("price_0", "price_1", "price_2", "price_3");
        assertThat(plans.get("price_0")).isEqualTo(plans.get("price_1"));
        assertThatIllegalStateException()
                .isThrownBy(() -> DEFAULTS.tariff(
                        stripe("sk_test_1", Map.of("starter", "price_1,price_2", "pro", "price_2", "team", "price_3"))))
                .withMessageContaining("price_2");
    }

    @Test
    void onePriceCannotBuyTwoTiers() {
        StripeSettings stripe = stripe("sk_test_1", Map.of("starter", "price_1", "pro", "price_1 ", "team", "price_3"));

        assertThatIllegalStateException()
                .isThrownBy(() -> DEFAULTS.tariff(stripe))
                .withMessageContaining("price_1");
    }

    @Test
    void theKeyTellsTheMode() {
        assertThat(List.of("sk_live_1", " rk_live_1"))
                .allMatch(key -> stripe(key, Map.of()).isLive());
        assertThat(List.of("sk_test_1", "rk_test_1", ""))
                .noneMatch(key -> stripe(key, Map.of()).isLive());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "-PT1S", "PT0.0009S", "PT1H0.001S"})
    void refusesATimeInWhichNothingIsAnsweredOrThatNobodyWaits(Duration readTimeout) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StripeSettings("", Map.of(), ForeignCurrency.REFUSE, "", readTimeout))
                .withMessageContaining("stripe.read-timeout");
    }

    @Test
    void theKeyStaysOutOfLogs() {
        assertThat(stripe("sk_test_secret", Map.of()).toString()).doesNotContain("secret");
    }

    private static StripeSettings stripe(String secretKey, Map<String, String> prices) {
        Map<String, List<String>> lists = prices.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, tier -> List.of(tier.getValue().split(",", -1))));
        return new StripeSettings(secretKey, lists, ForeignCurrency.REFUSE, "", Duration.ofSeconds(10));
    }
}
