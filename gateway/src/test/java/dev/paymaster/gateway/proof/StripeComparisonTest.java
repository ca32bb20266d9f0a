package dev.paymaster.gateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.gateway.stripe.ListPage.Item;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each difference between Stripe and us has a name, and what is under way is none. */
class StripeComparisonTest {
    private static final UUID JOB = new UUID(1, 1);
    private static final UUID PAYOUT = new UUID(2, 1);
    private static final Instant LONG_AGO = Instant.ofEpochSecond(1_000);
    private static final Instant SETTLED = Instant.ofEpochSecond(2_000);
    private static final Instant JUST_NOW = Instant.ofEpochSecond(3_000);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // cents, account, taken back; the payout's status, transfer, age; rule
                "100 | acct_1 | false | paid     | tr_1 | old | -",
                "100 | acct_1 | true  | reversed | tr_1 | old | -",
                "100 | acct_1 | true  | paid     | tr_1 | new | -",
                "100 | acct_1 | true  | paid     | tr_1 | old | reversal_is_recorded",
                "101 | acct_1 | false | paid     | tr_1 | old | transfer_is_as_the_payout",
                "100 | acct_2 | false | paid     | tr_1 | new | transfer_is_as_the_payout",
                "100 | acct_1 | false | due      | -    | new | -",
                "100 | acct_1 | false | due      | -    | old | transfer_is_recorded",
                "100 | acct_1 | true  | due      | -    | old | -",
                "100 | acct_1 | false | paid     | tr_2 | new | job_is_paid_once",
                "100 | acct_1 | true  | paid     | tr_2 | old | -",
            })
    void comparesATransferWithItsPayout(
            long cents,
            String account,
            boolean takenBack,
            String status,
            @Nullable String transferId,
            String age,
            @Nullable String rule) {
        StripeTransfer transfer = new StripeTransfer("tr_1", cents, "usd", account, Optional.of(JOB), takenBack);
        Payout payout =
                new Payout(PAYOUT, JOB, 100, status, "acct_1", transferId, age.equals("old") ? LONG_AGO : JUST_NOW);

        assertThat(StripeTransfer.differences(List.of(transfer), Map.of(JOB, payout), SETTLED))
                .extracting(Difference::rule)
                .isEqualTo(rule == null ? List.of() : List.of(rule));
    }

    @Test
    void namesATransferThatIsNobodys() {
        StripeTransfer foreign = new StripeTransfer("tr_9", 5, "usd", "acct_9", Optional.empty(), false);

        assertThat(StripeTransfer.differences(List.of(foreign), Map.of(), SETTLED))
                .containsExactly(new Difference("transfer_belongs_to_a_payout", "tr_9", "no payout is of its group"));
    }

    @Test
    void readsWhatStripeSaysOfATransfer() {
        StripeTransfer transfer = StripeTransfer.of(item("tr_1", """
                {"id": "tr_1", "amount": 100, "currency": "usd", "destination": "acct_1", "reversed": true,
                 "transfer_group": "%s"}""".formatted(JOB)));

        assertThat(transfer).isEqualTo(new StripeTransfer("tr_1", 100, "usd", "acct_1", Optional.of(JOB), true));
    }

    @Test
    void namesAPaidInvoiceWithoutCreditsOnceItIsOldEnough() {
        PaidInvoice old = invoice(1_500);
        PaidInvoice fresh = invoice(2_500);

        assertThat(PaidInvoice.differences(List.of(old), Map.of(), SETTLED))
                .extracting(Difference::rule)
                .containsExactly("paid_invoice_is_applied");
        assertThat(PaidInvoice.differences(List.of(fresh), Map.of(), SETTLED)).isEmpty();
        assertThat(PaidInvoice.differences(List.of(old), Map.of("in_1", ""), SETTLED))
                .isEmpty();
        assertThat(PaidInvoice.differences(List.of(old), Map.of("in_1", JOB.toString()), SETTLED))
                .extracting(Difference::rule)
                .containsExactly("invoice_is_its_users");
    }

    @Test
    void caresForInvoicesOfOurPricesOnly() {
        assertThat(invoice(1_500).entitles(Set.of("price_1"))).isTrue();
        assertThat(invoice(1_500).entitles(Set.of("price_2"))).isTrue();
        assertThat(invoice(1_500).entitles(Set.of("price_3"))).isFalse();
        assertThat(PaidInvoice.of(item("in_2", "{\"id\": \"in_2\", \"created\": 1}"))
                        .entitles(Set.of("price_1")))
                .isFalse();
    }

    private static PaidInvoice invoice(long paidAt) {
        return PaidInvoice.of(item("in_1", """
                {"id": "in_1", "created": 1, "status_transitions": {"paid_at": %d},
                 "parent": {"subscription_details": {"subscription": "sub_1", "metadata": {"user_id": "%s"}}},
                 "lines": {"data": [{"amount": 0, "pricing": {"price_details": {"price": "price_3"}}},
                                    {"amount": -5, "pricing": {"price_details": {"price": "price_2"}}},
                                    {"amount": 9, "pricing": {"price_details": {"price": "price_1"}}}]}}""".formatted(paidAt, PAYOUT)));
    }

    private static Item item(String id, String json) {
        return new Item(id, 1, json.getBytes(StandardCharsets.UTF_8));
    }
}
