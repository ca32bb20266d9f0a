package dev.paymaster.credit.billing;

import static dev.paymaster.credit.stripe.StripeJson.STARTER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.paymaster.credit.billing.BillingFact.InvoicePaid;
import dev.paymaster.credit.billing.BillingFact.PassedOver;
import dev.paymaster.credit.billing.BillingFact.TopUpPaid;
import dev.paymaster.credit.billing.Terms.ForeignCurrency;
import dev.paymaster.credit.invoice.Plan;
import dev.paymaster.credit.invoice.Tariff;
import dev.paymaster.credit.stripe.StripeJson;
import dev.paymaster.credit.topup.Pack;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which money counts: of the key's own mode, and in US dollars. */
class BillingFactsTest {
    private static final Instant NOVEMBER = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant DECEMBER = Instant.parse("2026-12-01T00:00:00Z");
    private static final UUID USER = UUID.randomUUID();

    private static final String INVOICE = StripeJson.invoicePaid(
            "evt_1", "in_1", "cus_1", "sub_1", USER, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
    private static final String PACK = StripeJson.event(
            "evt_2",
            "checkout.session.completed",
            StripeJson.topUp("cs_1", USER.toString(), "small", "pi_1", 300, "paid"));

    @Test
    void whoeverHasATestKeyReadsTestEventsAndNoOthers() {
        assertThat(fact(false, ForeignCurrency.REFUSE, INVOICE)).isInstanceOf(InvoicePaid.class);
        assertThat(fact(false, ForeignCurrency.REFUSE, PACK)).isInstanceOf(TopUpPaid.class);

        assertIsOfTheOtherMode(false, live(INVOICE), "live");
        assertIsOfTheOtherMode(false, live(PACK), "live");
    }

    @Test
    void whoeverHasALiveKeyReadsLiveEventsAndNoOthers() {
        assertThat(fact(true, ForeignCurrency.REFUSE, live(INVOICE))).isInstanceOf(InvoicePaid.class);
        assertThat(fact(true, ForeignCurrency.REFUSE, live(PACK))).isInstanceOf(TopUpPaid.class);

        assertIsOfTheOtherMode(true, INVOICE, "test");
        assertIsOfTheOtherMode(true, PACK, "test");
    }

    @Test
    void anotherCurrencyIsRefused() {
        for (String event : new String[] {INVOICE, PACK}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> fact(false, ForeignCurrency.REFUSE, inEuros(event)))
                    .withMessageContaining("eur")
                    .withMessageContaining("stripe.foreign-currency");
        }
    }

    @Test
    void anotherCurrencyIsOnlyCountedWhereItIsToBeIgnored() {
        for (String event : new String[] {INVOICE, PACK}) {
            assertThat(fact(false, ForeignCurrency.IGNORE, inEuros(event)))
                    .isEqualTo(new PassedOver("foreign_currency"));
        }
        assertThat(fact(false, ForeignCurrency.IGNORE, INVOICE)).isInstanceOf(InvoicePaid.class);
    }

    private static void assertIsOfTheOtherMode(boolean live, String event, String mode) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fact(live, ForeignCurrency.IGNORE, event))
                .withMessageContaining("is of " + mode + " mode");
    }

    private static @Nullable BillingFact fact(boolean live, ForeignCurrency foreignCurrency, String event) {
        Terms terms = new Terms(
                new Tariff(Map.of(STARTER, new Plan("starter", 50, false, null))),
                Map.of("small", new Pack("small", 10, null)),
                live,
                foreignCurrency);
        return new BillingFacts(terms).in(event.getBytes(StandardCharsets.UTF_8));
    }

    private static String live(String event) {
        return event.replace("\"livemode\": false", "\"livemode\": true");
    }

    private static String inEuros(String event) {
        return event.replace("\"currency\": \"usd\"", "\"currency\": \"eur\"");
    }
}
