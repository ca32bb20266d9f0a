package dev.paymaster.gateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.gateway.catalogue.CatalogueSettings;
import dev.paymaster.gateway.proof.PaidInvoice.Applied;
import dev.paymaster.gateway.proof.PaidInvoice.Claimed;
import dev.paymaster.gateway.proof.PaidInvoice.Period;
import dev.paymaster.gateway.proof.PaidPack.TopUp;
import dev.paymaster.gateway.stripe.ListPage.Item;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
    private static final UUID USER = new UUID(3, 1);
    private static final Instant LONG_AGO = Instant.ofEpochSecond(1_000);
    private static final Instant JUST_NOW = Instant.ofEpochSecond(3_000);
    private static final Grace GRACE = new Grace(Instant.ofEpochSecond(3_500), Duration.ofMinutes(25));
    private static final Tiers TIERS = new Tiers(Map.of("price_1", "starter", "price_2", "pro"), Set.of());
    private static final Tiers PRO_GRANTS_ON_TRIAL = new Tiers(TIERS.byPrice(), Set.of("pro"));
    private static final Period PERIOD_BEFORE = new Period("sub_1", Instant.ofEpochSecond(8_000));
    private static final Period PERIOD = new Period("sub_1", Instant.ofEpochSecond(9_000));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // cents, account, taken back, when that or, else, it was made; the payout's status, transfer, what came
                // back; rule
                "100 | acct_1 | 0   | old | paid     | tr_1 | 0   | -",
                "100 | acct_1 | 100 | old | reversed | tr_1 | 100 | -",
                "100 | acct_1 | 100 | new | paid     | tr_1 | 0   | -",
                "100 | acct_1 | 100 | old | paid     | tr_1 | 0   | reversal_is_recorded",
                "100 | acct_1 | 40  | old | paid     | tr_1 | 40  | -",
                "100 | acct_1 | 40  | old | paid     | tr_1 | 0   | reversal_is_recorded",
                "100 | acct_1 | 0   | old | paid     | tr_1 | 40  | reversal_is_recorded",
                "101 | acct_1 | 0   | old | paid     | tr_1 | 0   | transfer_is_as_the_payout",
                "100 | acct_2 | 0   | new | paid     | tr_1 | 0   | transfer_is_as_the_payout",
                "100 | acct_1 | 0   | new | due      | -    | 0   | -",
                "100 | acct_1 | 0   | old | due      | -    | 0   | transfer_is_recorded",
                "100 | acct_1 | 100 | old | due      | -    | 0   | -",
                "100 | acct_1 | 0   | new | paid     | tr_2 | 0   | job_is_paid_once",
                "100 | acct_1 | 100 | old | paid     | tr_2 | 0   | -",
            })
    void comparesATransferWithItsPayout(
            long cents,
            String account,
            long takenBack,
            String age,
            String status,
            @Nullable String transferId,
            long recorded,
            @Nullable String rule) {
        Instant at = age.equals("old") ? LONG_AGO : JUST_NOW;
        StripeTransfer transfer = new StripeTransfer(
                "tr_1",
                cents,
                "usd",
                account,
                Optional.of(JOB),
                PAYOUT.toString(),
                takenBack == 0 ? at : LONG_AGO,
                takenBack,
                takenBack == 0 ? null : at);
        // Its own last change says nothing of what Stripe has done since, and those that are tried again and again have
        // a new one.
        Payout payout = new Payout(
                PAYOUT, JOB, 100, status, "acct_1", transferId, recorded, age.equals("old") ? JUST_NOW : LONG_AGO);

        assertThat(rules(StripeTransfer.differences(List.of(transfer), Map.of(JOB, payout), GRACE)))
                .isEqualTo(rule == null ? List.of() : List.of(rule));
    }

    @Test
    void namesATransferThatIsNobodys() {
        StripeTransfer foreign =
                new StripeTransfer("tr_9", 5, "usd", "acct_9", Optional.empty(), "", LONG_AGO, 0, null);

        assertThat(foreign.isOfOthers()).isTrue();
        assertThat(foreign.strange())
                .isEqualTo(new Difference("transfer_belongs_to_a_payout", "tr_9", "it names no job and no payout"));
    }

    /** One that may be ours is looked at until somebody has found out. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // its group, the payout that its metadata names; whether it is of others
                "ORDER_95                             | -                                    | true",
                "-                                    | -                                    | true",
                "ORDER_95                             | ''                                   | true",
                "00000000-0000-0001-0000-000000000001 | -                                    | false",
                "ORDER_95                             | po_1                                 | false",
                "-                                    | 00000000-0000-0002-0000-000000000001 | false",
            })
    void tellsTransfersOfOthersFromOurs(@Nullable String group, @Nullable String payout, boolean ofOthers) {
        StripeTransfer transfer = StripeTransfer.of(item("tr_9", """
                {"id": "tr_9", "transfer_group": %s, "metadata": {%s}}""".formatted(
                        group == null ? null : "\"" + group + "\"",
                        payout == null ? "" : "\"payout_id\": \"" + payout + "\"")));

        assertThat(transfer.isOfOthers()).isEqualTo(ofOthers);
        assertThat(rules(StripeTransfer.differences(List.of(transfer), Map.of(), GRACE)))
                .containsExactly("transfer_belongs_to_a_payout");
    }

    @Test
    void readsWhatStripeSaysOfATransfer() {
        StripeTransfer transfer = StripeTransfer.of(item("tr_1", """
                {"id": "tr_1", "amount": 100, "currency": "usd", "destination": "acct_1", "amount_reversed": 30,
                 "metadata": {"payout_id": "po_1"}, "reversals": {"data": [{"created": 3000}, {"created": 2000}]}, "transfer_group": "%s"}""".formatted(JOB)));

        assertThat(transfer)
                .isEqualTo(new StripeTransfer(
                        "tr_1",
                        100,
                        "usd",
                        "acct_1",
                        Optional.of(JOB),
                        "po_1",
                        transfer.createdAt(),
                        30,
                        Instant.ofEpochSecond(3_000)));
    }

    @Test
    void namesAPaidInvoiceWithoutCreditsOnceItIsOldEnough() {
        PaidInvoice old = invoice(1_500, 900);
        PaidInvoice fresh = invoice(2_500, 900);
        PaidInvoice onATestClock = invoice(900_000, 900);

        assertThat(rules(PaidInvoice.differences(List.of(old, onATestClock), Map.of(), GRACE)))
                .containsExactly("paid_invoice_is_applied", "paid_invoice_is_applied");
        assertThat(PaidInvoice.differences(List.of(fresh), Map.of(), GRACE)).isEmpty();
        assertThat(rules(PaidInvoice.differences(
                        List.of(fresh), Map.of(), new Grace(Instant.ofEpochSecond(2_500), Duration.ZERO))))
                .containsExactly("paid_invoice_is_applied");
        assertThat(PaidInvoice.differences(List.of(old), Map.of("in_1", parked(Duration.ofDays(1))), GRACE))
                .isEmpty();
        assertThat(rules(PaidInvoice.differences(
                        List.of(old), Map.of("in_1", parked(Duration.ofDays(1).plusSeconds(1))), GRACE)))
                .containsExactly("parked_invoice_finds_its_user");
    }

    private static Applied parked(Duration since) {
        return Applied.parked("cus_1", GRACE.now().minus(since));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // what was billed; whose it is here, the cash that counted, the tier claimed for the period; rule
                "900 | user  | 900 | pro     | -",
                "900 | user  | -   | ''      | -",
                "900 | other | 900 | pro     | invoice_is_its_users",
                "900 | user  | 899 | pro     | invoice_brought_in_what_was_paid",
                "900 | user  | 900 | starter | invoice_entitles_to_what_was_paid_for",
                "900 | user  | 900 | -       | invoice_entitles_to_what_was_paid_for",
                "-5  | user  | -5  | pro     | -",
                "-5  | user  | -5  | -       | invoice_entitles_to_what_was_paid_for",
            })
    void comparesAnInvoiceWithWhatCameOfIt(
            long total, String whose, @Nullable Long cash, @Nullable String tier, @Nullable String rule) {
        Applied applied = new Applied(
                whose.equals("user") ? USER : new UUID(4, 1),
                cash,
                LONG_AGO,
                tier == null ? Map.of() : Map.of(PERIOD, new Claimed(tier, 150)),
                Set.of(PERIOD_BEFORE));

        assertThat(rules(PaidInvoice.differences(List.of(invoice(1_500, total)), Map.of("in_1", applied), GRACE)))
                .isEqualTo(rule == null ? List.of() : List.of(rule));
    }

    /** An upgrade, or what a coupon has left nothing of: none is passed over in silence. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // amount, discount, whether it is a part of a period; what is noted of the period; rule
                "700  | 0   | true  | claim | -",
                "700  | 0   | true  | back  | -",
                "700  | 0   | true  | -     | invoice_entitles_to_what_was_paid_for",
                "-700 | 0   | true  | back  | -",
                "-700 | 0   | true  | -     | invoice_entitles_to_what_was_paid_for",
                "900  | 900 | false | claim | -",
                "900  | 900 | false | back  | invoice_entitles_to_what_was_paid_for",
                "900  | 900 | false | -     | invoice_entitles_to_what_was_paid_for",
            })
    void demandsANoteOfEachPeriod(
            long amount, long discount, boolean proration, @Nullable String noted, @Nullable String rule) {
        PaidInvoice invoice =
                PaidInvoice.of(item("in_1", """
                {"id": "in_1", "total": %d, "amount_paid": 0,
                 "parent": {"subscription_details": {"subscription": "sub_1"}}, "lines": {"data": [
                     {"amount": %d, "discount_amounts": [{"amount": %d}], "period": {"end": 9000},
                      "pricing": {"price_details": {"price": "price_2"}},
                      "parent": {"subscription_item_details": {"proration": %s}}}]}}""".formatted(amount - discount, amount, discount, proration)), TIERS);
        Applied applied = new Applied(
                USER,
                0L,
                LONG_AGO,
                "claim".equals(noted) ? Map.of(PERIOD, new Claimed("pro", 150)) : Map.of(),
                "back".equals(noted) ? Set.of(PERIOD) : Set.of());

        assertThat(rules(PaidInvoice.differences(List.of(invoice), Map.of("in_1", applied), GRACE)))
                .isEqualTo(rule == null ? List.of() : List.of(rule));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // units of starter, of pro, the claim of the older invoice of one starter; the tier claimed, its
                // credits;
                // rule
                "1 | 0 | 50 | starter | 50  | -",
                "3 | 0 | 50 | starter | 150 | -",
                "3 | 0 | 40 | starter | 50  | invoice_entitles_to_its_tiers_credits",
                "2 | 0 | 50 | starter | 50  | invoice_entitles_to_its_tiers_credits",
                "1 | 0 | 50 | starter | 49  | invoice_entitles_to_its_tiers_credits",
                "1 | 1 | 50 | pro     | 150 | -",
                "1 | 1 | 50 | starter | 50  | invoice_entitles_to_its_tiers_credits",
                "4 | 1 | 50 | starter | 200 | -",
                // When they were paid, starter had 40.
                "2 | 0 | 40 | starter | 80  | -",
                // The settings were changed between the two.
                "2 | 0 | 40 | starter | 100 | -",
                // Another version has noted no tier.
                "2 | 0 | 50 | ''      | 49  | -",
            })
    void comparesCreditsWithTheTier(
            int starters, int pros, long older, String tier, long credits, @Nullable String rule) {
        TierCredits settings = new TierCredits(new CatalogueSettings(List.of(), List.of()));
        Map<String, Applied> known =
                Map.of("in_1", claim("starter", older, 1_000), "in_2", claim(tier, credits, 4_000));

        List<Difference> differences = settings.differences(
                List.of(sold("in_2", 4_000, starters, pros), sold("in_1", 1_000, 1, 0)), known, GRACE);

        assertThat(differences.stream().map(each -> each.rule() + " " + each.subject()))
                .isEqualTo(rule == null ? List.of() : List.of(rule + " in_2"));
    }

    /** It was paid while starter had 40, and is older than the settings, though it was applied after another. */
    @Test
    void takesWhatWasPaidBeforeTheSettingsChangedForRight() {
        TierCredits settings = new TierCredits(new CatalogueSettings(List.of(), List.of()));
        Map<String, Applied> known = Map.of("in_1", claim("starter", 40, 9_000), "in_2", claim("starter", 50, 7_000));

        assertThat(settings.differences(List.of(sold("in_2", 900, 1, 0), sold("in_1", 1_000, 1, 0)), known, GRACE))
                .isEmpty();
    }

    private static Applied claim(String tier, long credits, long at) {
        return new Applied(USER, 0L, Instant.ofEpochSecond(at), Map.of(PERIOD, new Claimed(tier, credits)), Set.of());
    }

    private static PaidInvoice sold(String id, long paidAt, int starters, int pros) {
        String line = """
                {"amount": %1$d, "quantity": %1$d, "pricing": {"price_details": {"price": "%2$s"}}, "period": {"end": 9000}}""";
        return PaidInvoice.of(
                item(id, """
                {"id": "%s", "status_transitions": {"paid_at": %d}, "total": 900,
                 "parent": {"subscription_details": {"subscription": "sub_1"}},
                 "lines": {"data": [%s, %s]}}""".formatted(
                                id, paidAt, line.formatted(starters, "price_1"), line.formatted(pros, "price_2"))),
                TIERS);
    }

    /** A part of a period has an amount that is net of its coupon. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // where and whether a line of 0 is a part of a period; discounts of it and of all, credits, quantity;
                // counts
                "subscription_item_details | true  | []       | [{}] | null | 1    | true",
                "invoice_item_details      | true  | [1]      | []   | null | null | true",
                "subscription_item_details | true  | []       | []   | {}   | 1    | true",
                "subscription_item_details | true  | []       | []   | null | 1    | false",
                "subscription_item_details | true  | []       | [{}] | null | 0    | false",
                "subscription_item_details | false | []       | [{}] | null | 1    | false",
            })
    void knowsWhatACouponHasPaidFor(
            String details,
            String proration,
            String discounts,
            String amounts,
            String credited,
            String quantity,
            boolean paidFor) {
        String json = """
                {"id": "in_1", "parent": {"subscription_details": {"subscription": "sub_1"}}, "lines": {"data": [
                     {"amount": 0, "pricing": {"price_details": {"price": "price_1"}}, "period": {"end": 8000},
                      "discounts": %s, "discount_amounts": %s, "quantity": %s, "parent": {"%s": {"proration": %s,
                       "proration_details": {"credited_items": %s}}}}]}}""".formatted(discounts, amounts, quantity, details, proration, credited);

        PaidInvoice invoice = PaidInvoice.of(item("in_1", json), TIERS);

        assertThat(invoice.entitles()).isEqualTo(paidFor);
    }

    /** As credit-worker reads it: a trial is a line of 0 that doesn't say which line it credits, of a tier with the setting. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // price, quantity, whether it is a part of a period, what it credits; what is noted of the period; rule
                // without any note, and rule with that one
                "price_2 | 1    | false | null | claim   | paid_invoice_is_applied | -",
                "price_2 | 2    | false | null | back    | paid_invoice_is_applied | invoice_entitles_to_what_was_paid_for",
                "price_2 | null | false | null | starter | paid_invoice_is_applied | invoice_entitles_to_what_was_paid_for",
                // Another tier was chosen during the trial.
                "price_2 | 1    | true  | null | claim   | paid_invoice_is_applied | -",
                "price_2 | 1    | true  | null | back    | paid_invoice_is_applied | -",
                "price_2 | 1    | true  | null | -       | paid_invoice_is_applied | invoice_entitles_to_what_was_paid_for",
                "price_2 | 1    | true  | {}   | back    | paid_invoice_is_applied | -",
                "price_2 | 0    | false | null | -       | -                       | -",
                "price_2 | 0    | true  | {}   | -       | -                       | -",
                "price_1 | 1    | false | null | -       | -                       | -",
                "price_1 | 1    | true  | null | -       | -                       | -",
                "price_3 | 1    | false | null | -       | -                       | -",
            })
    void knowsATrialThatGrants(
            String price,
            String quantity,
            boolean proration,
            String credited,
            @Nullable String noted,
            @Nullable String lost,
            @Nullable String rule) {
        PaidInvoice trial =
                PaidInvoice.of(item("in_1", """
                {"id": "in_1", "total": 0, "amount_paid": 0, "currency": "usd",
                 "parent": {"subscription_details": {"subscription": "sub_1"}}, "lines": {"data": [
                     {"amount": 0, "quantity": %s, "discount_amounts": [], "discounts": [], "period": {"end": 9000},
                      "pricing": {"price_details": {"price": "%s"}},
                      "parent": {"subscription_item_details": {"proration": %s,
                       "proration_details": {"credited_items": %s}}}}]}}""".formatted(quantity, price, proration, credited)), PRO_GRANTS_ON_TRIAL);
        List<PaidInvoice> compared = trial.entitles() ? List.of(trial) : List.of();
        Applied applied = new Applied(
                USER,
                0L,
                LONG_AGO,
                switch (noted) {
                    case "claim" -> Map.of(PERIOD, new Claimed("pro", 150));
                    case "starter" -> Map.of(PERIOD, new Claimed("starter", 50));
                    case null, default -> Map.of();
                },
                "back".equals(noted) ? Set.of(PERIOD) : Set.of());

        assertThat(rules(PaidInvoice.differences(compared, Map.of(), GRACE)))
                .isEqualTo(lost == null ? List.of() : List.of(lost));
        assertThat(rules(PaidInvoice.differences(compared, Map.of("in_1", applied), GRACE)))
                .isEqualTo(rule == null ? List.of() : List.of(rule));
    }

    /** Credit-worker claims the highest tier of a period, and that may be the one that was paid for. */
    @ParameterizedTest
    @CsvSource({"team, ''", "starter, invoice_entitles_to_what_was_paid_for"})
    void demandsOfATrialNoMoreThanANoteBesideAPartThatIsPaidFor(String claimed, String rule) {
        Tiers tiers = new Tiers(Map.of("price_2", "pro", "price_3", "team"), Set.of("pro"));
        String line = """
                {"amount": %d, "period": {"end": 9000}, "pricing": {"price_details": {"price": "%s"}},
                 "parent": {"subscription_item_details": {"proration": %s}}}""";
        PaidInvoice whole = PaidInvoice.of(
                item("in_1", """
                        {"id": "in_1", "total": 700, "parent": {"subscription_details": {"subscription": "sub_1"}},
                         "lines": {"data": [%s, %s]}}""".formatted(line.formatted(0, "price_2", false), line.formatted(700, "price_3", false))),
                tiers);
        PaidInvoice part = PaidInvoice.of(
                item("in_1", """
                        {"id": "in_1", "total": 700, "parent": {"subscription_details": {"subscription": "sub_1"}},
                         "lines": {"data": [%s, %s]}}""".formatted(line.formatted(0, "price_2", false), line.formatted(700, "price_3", true))),
                tiers);
        Map<String, Applied> known = Map.of("in_1", claim(claimed, 500, 1_000));

        assertThat(rules(PaidInvoice.differences(List.of(whole), known, GRACE)))
                .isEqualTo(rule.isEmpty() ? List.of() : List.of(rule));
        assertThat(PaidInvoice.differences(List.of(part), known, GRACE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // what credit notes took off, the first and the second line; whether it matters
                "1800 | 900  | 900 | false",
                "1700 | 900  | 900 | true",
                "0    | 900  | 900 | true",
                "400  | -500 | 900 | true",
                "900  | -500 | 900 | false",
            })
    void caresForNoInvoiceThatCreditNotesCalledOff(long credited, long first, long second, boolean matters) {
        String json = """
                {"id": "in_1", "parent": {"subscription_details": {"subscription": "sub_1"}},
                 "total": %d, "pre_payment_credit_notes_amount": %d, "lines": {"data": [
                     {"amount": %d, "pricing": {"price_details": {"price": "price_1"}}, "period": {"end": 8000}},
                     {"amount": %d, "pricing": {"price_details": {"price": "price_1"}}, "period": {"end": 9000}}
                 ]}}""".formatted(first + second, credited, first, second);

        assertThat(PaidInvoice.of(item("in_1", json), TIERS).entitles()).isEqualTo(matters);
    }

    @Test
    void caresForInvoicesOfOurPricesOnly() {
        assertThat(invoice(1_500, 900).entitles()).isTrue();
        assertThat(PaidInvoice.of(item("in_1", "{\"id\": \"in_1\", \"created\": 1}"), TIERS)
                        .entitles())
                .isFalse();
        assertThat(PaidInvoice.of(item("in_1", """
                                {"id": "in_1", "created": 1,
                                 "parent": {"subscription_details": {"subscription": "sub_1"}},
                                 "lines": {"data": [{"amount": -5, "period": {"end": 8000},
                                     "pricing": {"price_details": {"price": "price_1"}}}]}}"""), TIERS).entitles())
                .as("gives unused time back")
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // what it gives back, and bills, for which subscription; whether there are further lines; whether it
                // matters
                "-500 | 300 | sub_1 | false | true",
                "-500 | 500 | sub_1 | false | true",
                "-500 | 900 | sub_1 | false | false",
                "-500 | 300 | ''    | false | false",
                "300  | 300 | sub_1 | false | false",
                "-500 | 300 | sub_1 | true  | false",
            })
    void caresForInvoicesByHandThatGiveUnusedTimeBack(
            long first, long second, String subscription, boolean more, boolean matters) {
        String line = """
                {"amount": %d, "period": {"end": 9000}, "pricing": {"price_details": {"price": "price_1"}},
                 "parent": {"invoice_item_details": {"subscription": "%s"}}}""";

        PaidInvoice byHand = PaidInvoice.of(
                item("in_1", """
                        {"id": "in_1", "created": 1, "parent": null, "lines": {"data": [%s, %s], "has_more": %s}}""".formatted(
                                line.formatted(first, subscription), line.formatted(second, subscription), more)),
                TIERS);

        assertThat(byHand.entitles()).isEqualTo(matters);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // made; granted to, with, for; rule
                "1000 | user  | 10 | 300 | -",
                "1000 | -     | 10 | 300 | paid_pack_is_granted",
                "3000 | -     | 10 | 300 | -",
                "1000 | other | 10 | 300 | pack_is_granted_as_it_was_sold",
                "1000 | user  | 11 | 300 | pack_is_granted_as_it_was_sold",
                "3000 | user  | 10 | 299 | pack_is_granted_as_it_was_sold",
            })
    void comparesAPackWithItsGrant(
            long created, @Nullable String whose, long credits, long cents, @Nullable String rule) {
        PaidPack pack = pack(created, "payment", "paid").orElseThrow();
        Map<String, TopUp> granted = whose == null
                ? Map.of()
                : Map.of("cs_1", new TopUp(whose.equals("user") ? USER : new UUID(4, 1), credits, cents));

        assertThat(rules(PaidPack.differences(List.of(pack), granted, GRACE)))
                .isEqualTo(rule == null ? List.of() : List.of(rule));
    }

    @Test
    void caresForPaidPacksOnly() {
        assertThat(pack(1, "payment", "unpaid")).isEmpty();
        assertThat(pack(1, "subscription", "paid")).isEmpty();
        assertThat(PaidPack.of(item("cs_1", "{\"mode\": \"payment\", \"payment_status\": \"paid\"}")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // kind, status, made; recorded cents, taken, returned; rule
                "refund  | succeeded              | 1000 | 500 | true  | false | -",
                "refund  | pending                | 1000 | 500 | true  | false | -",
                "refund  | succeeded              | 1000 | -   | false | false | refund_is_recorded",
                "refund  | succeeded              | 3000 | -   | false | false | -",
                "refund  | succeeded              | 1000 | 499 | true  | false | refund_is_as_stripe_says",
                "refund  | failed                 | 1000 | 500 | true  | false | refund_is_as_stripe_says",
                "refund  | failed                 | 1000 | 500 | true  | true  | -",
                "refund  | succeeded              | 1000 | 500 | true  | true  | refund_is_as_stripe_says",
                "dispute | needs_response         | 1000 | 500 | true  | false | -",
                "dispute | needs_response         | 1000 | -   | true  | false | dispute_is_recorded",
                "dispute | needs_response         | 1000 | 500 | false | false | dispute_is_as_stripe_says",
                "dispute | warning_needs_response | 1000 | 500 | false | false | -",
                "dispute | warning_closed         | 1000 | 500 | true  | false | -",
                "dispute | won                    | 1000 | 500 | true  | false | dispute_is_as_stripe_says",
                "dispute | won                    | 1000 | 500 | true  | true  | -",
                "dispute | lost                   | 1000 | 500 | true  | true  | dispute_is_as_stripe_says",
            })
    void comparesMoneyThatCameBack(
            String kind,
            String status,
            long created,
            @Nullable Long cents,
            boolean taken,
            boolean returned,
            @Nullable String rule) {
        Item item = new Item("x_1", created, """
                {"payment_intent": "pi_1", "amount": 500, "status": "%s"}""".formatted(status).getBytes(StandardCharsets.UTF_8));
        MoneyBack back = (kind.equals("refund") ? MoneyBack.refund(item) : MoneyBack.dispute(item)).orElseThrow();
        Map<String, MoneyBack.Recorded> recorded =
                cents == null ? Map.of() : Map.of("x_1", new MoneyBack.Recorded(cents, taken, returned));

        assertThat(rules(MoneyBack.differences(List.of(back), recorded, GRACE)))
                .isEqualTo(rule == null ? List.of() : List.of(rule));
    }

    @Test
    void goesThroughAllListsAndThenThePayouts() {
        Place place = Place.AtStripe.of("transfers:");
        assertThat(((Place.AtStripe) place).after("tr_1", null).cursor()).isEqualTo("transfers:tr_1");
        for (String list : List.of("invoices:", "sessions:", "refunds:", "disputes:")) {
            place = ((Place.AtStripe) place).next();
            assertThat(place.cursor()).isEqualTo(list);
            assertThat(Place.AtStripe.of(list)).isEqualTo(place);
        }
        assertThat(((Place.AtStripe) place).next()).isEqualTo(Place.PAYOUTS);
    }

    @ParameterizedTest
    @CsvSource({"refunds::100-200", "refunds:re_1:100-200", "refunds:re_1:0-", "transfers:tr_1:1000000:100-200"})
    void remembersOnItsWaySinceWhenItLooksAndWhetherAllIsInOrder(String cursor) {
        assertThat(Place.AtStripe.of(cursor).cursor()).isEqualTo(cursor);
    }

    private static List<String> rules(List<Difference> differences) {
        return differences.stream().map(Difference::rule).toList();
    }

    private static PaidInvoice invoice(long paidAt, long total) {
        return PaidInvoice.of(item("in_1", """
                {"id": "in_1", "created": 1, "status_transitions": {"paid_at": %1$d}, "currency": "usd",
                 "total": %2$d, "amount_paid": %2$d,
                 "parent": {"subscription_details": {"subscription": "sub_1", "metadata": {"user_id": "%3$s"}}},
                 "lines": {"data": [
                     {"amount": -5, "pricing": {"price_details": {"price": "price_1"}}, "period": {"end": 8000}},
                     {"amount": 7, "pricing": {"price_details": {"price": "price_other"}}, "period": {"end": 9000}},
                     {"amount": 5, "pricing": {"price_details": {"price": "price_1"}}, "period": {"end": 8000},
                      "parent": {"subscription_item_details": {"proration": true}}},
                     {"amount": 9, "pricing": {"price_details": {"price": "price_2"}}, "period": {"end": 9000},
                      "parent": {"subscription_item_details": {"subscription": "sub_1", "proration": false}}}]}}""".formatted(paidAt, total, USER)), TIERS);
    }

    private static Optional<PaidPack> pack(long created, String mode, String status) {
        return PaidPack.of(
                new Item("cs_1", created, """
                {"mode": "%s", "payment_status": "%s", "amount_total": 300, "currency": "usd",
                 "metadata": {"pack": "small", "credits": "10", "user_id": "%s"}}""".formatted(mode, status, USER).getBytes(StandardCharsets.UTF_8)));
    }

    private static Item item(String id, String json) {
        return new Item(id, 1, json.getBytes(StandardCharsets.UTF_8));
    }
}
