package dev.paymaster.credit.invoice;

import static dev.paymaster.credit.stripe.StripeJson.PRO;
import static dev.paymaster.credit.stripe.StripeJson.STARTER;
import static dev.paymaster.credit.stripe.StripeJson.TEAM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.paymaster.credit.invoice.Claim.Period;
import dev.paymaster.credit.invoice.InvoiceReading.Cut;
import dev.paymaster.credit.invoice.InvoiceReading.Entitles;
import dev.paymaster.credit.invoice.InvoiceReading.Ignored;
import dev.paymaster.credit.invoice.InvoiceReading.Reason;
import dev.paymaster.credit.stripe.MoneyFields;
import dev.paymaster.credit.stripe.StripeEventReader;
import dev.paymaster.credit.stripe.StripeJson;
import dev.paymaster.credit.stripe.StripeObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InvoiceReaderTest {
    private static final UUID USER = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant MIDDLE = Instant.parse("2026-11-16T00:00:00Z");
    private static final Instant LATER = Instant.parse("2026-11-16T01:00:00Z");
    private static final Instant END = Instant.parse("2026-12-01T00:00:00Z");
    private static final Instant NEXT_END = Instant.parse("2027-01-01T00:00:00Z");
    private static final Period NOVEMBER = new Period("sub_1", END);
    private static final Tariff TARIFF = new Tariff(Map.of(
            STARTER, new Plan("starter", 50, false, null),
            PRO, new Plan("pro", 150, true, Duration.ofDays(90)),
            TEAM, new Plan("team", 500, false, null)));

    @Test
    void aPaidPeriodClaimsItsTier() {
        assertThat(claims(StripeJson.line(STARTER, 1000, START, END)))
                .containsExactly(claim(NOVEMBER, "starter", 50, START, null, 1000));
    }

    @Test
    void namesInvoiceCustomerAndUser() {
        PaidInvoice invoice = entitles(invoice("sub_1", USER, false, StripeJson.line(TEAM, 7500, START, END)));

        assertThat(invoice.id()).isEqualTo("in_1");
        assertThat(invoice.customerId()).isEqualTo("cus_1");
        assertThat(invoice.userId()).isEqualTo(USER);
        assertThat(entitles(invoice("sub_1", null, false, StripeJson.line(TEAM, 7500, START, END)))
                        .userId())
                .isNull();
    }

    @Test
    void creditsLapseByTheTier() {
        assertThat(entitles(paidAt(String.valueOf(START.getEpochSecond()))).claims())
                .containsExactly(claim(NOVEMBER, "pro", 150, START, START.plus(Duration.ofDays(90)), 2500));
    }

    /** Late, early, and nobody knows when. */
    @Test
    void creditsLapseByThePeriodOrByThePaymentIfThatIsLater() {
        assertThat(expiry(String.valueOf(NEXT_END.getEpochSecond()))).isEqualTo(NEXT_END.plus(Duration.ofDays(90)));
        assertThat(expiry("1")).isEqualTo(START.plus(Duration.ofDays(90)));
        assertThat(expiry("null")).isEqualTo(START.plus(Duration.ofDays(90)));
        assertThat(expiry(String.valueOf(Long.MAX_VALUE))).isEqualTo(START.plus(Duration.ofDays(90)));
    }

    private static @Nullable Instant expiry(String paidAt) {
        return entitles(paidAt(paidAt)).claims().getFirst().expiresAt();
    }

    private static StripeObject paidAt(String seconds) {
        return read(json(StripeJson.line(PRO, 2500, START, END))
                .replaceFirst("\"paid_at\": \\d+", "\"paid_at\": " + seconds));
    }

    @Test
    void anUpgradeClaimsTheHigherTierForTheSamePeriod() {
        assertThat(claims(
                        StripeJson.proration(STARTER, -500, MIDDLE, END),
                        StripeJson.proration(TEAM, 3750, MIDDLE, END)))
                .containsExactly(above(50, claim(NOVEMBER, "team", 500, MIDDLE, null, 3250)));
    }

    @Test
    void anUpgradeThatWaitedForTheRenewalClaimsBothPeriods() {
        assertThat(claims(
                        StripeJson.itemProration(STARTER, -500, MIDDLE, END),
                        StripeJson.itemProration(TEAM, 3750, MIDDLE, END),
                        StripeJson.line(TEAM, 7500, END, NEXT_END)))
                .containsExactly(
                        above(50, claim(NOVEMBER, "team", 500, MIDDLE, null, 3250)),
                        claim(new Period("sub_1", NEXT_END), "team", 500, END, null, 7500));
    }

    @Test
    void aDowngradeClaimsNothingAndGivesTheDifferenceBack() {
        PaidInvoice down = entitles(invoice(
                "sub_1",
                USER,
                false,
                StripeJson.proration(TEAM, -3750, MIDDLE, END),
                StripeJson.proration(STARTER, 500, MIDDLE, END)));

        assertThat(down.claims()).isEmpty();
        assertThat(down.givenBack()).containsExactly(new GivenBack(NOVEMBER, 3250));
    }

    @Test
    void unusedTimeOfWhoCancelsIsGivenBack() {
        assertThat(entitles(invoice("sub_1", USER, false, StripeJson.itemProration(PRO, -1250, MIDDLE, END)))
                        .givenBack())
                .containsExactly(new GivenBack(NOVEMBER, 1250));
    }

    /** What is given back for one period pays for the other, as far as it goes. */
    @Test
    void aDowngradeThatWaitedForTheRenewalPaysForIt() {
        String ending = "\"ending_balance\": -1000, \"starting_balance\": 0, \"amount_paid\": 0";
        PaidInvoice renewal = entitles(read(json(
                        StripeJson.itemProration(PRO, -2500, MIDDLE, END),
                        StripeJson.itemProration(STARTER, 500, MIDDLE, END),
                        StripeJson.line(STARTER, 1000, END, NEXT_END))
                .replaceFirst("\"amount_paid\": \\d+", ending)));

        assertThat(renewal.givenBack()).containsExactly(new GivenBack(NOVEMBER, 2000));
        assertThat(renewal.claims())
                .containsExactly(new Claim(new Period("sub_1", NEXT_END), "starter", 0, 50, END, null, 0, 1000));
        assertThat(renewal.paidCents()).isEqualTo(1000);
        assertThat(renewal.cashCents()).isZero();
    }

    @Test
    void aPeriodThatBeginsAnewIsClaimedAndTheOldOneGivenBack() {
        PaidInvoice anew = entitles(invoice(
                "sub_1",
                USER,
                false,
                StripeJson.proration(PRO, -1250, MIDDLE, END),
                StripeJson.line(PRO, 2500, MIDDLE, NEXT_END)));

        assertThat(anew.givenBack()).containsExactly(new GivenBack(NOVEMBER, 1250));
        assertThat(anew.claims()).extracting(Claim::credits).containsExactly(150L);
        assertThat(anew.claims()).extracting(Claim::paidCents).containsExactly(2500L);
        assertThat(anew.claims()).extracting(Claim::revenueCents).containsExactly(1250L);
    }

    /** Up and down again before either was billed: it must not grant for nothing, and is known all the same. */
    @Test
    void aChangeThatWasTakenBackClaimsNothing() {
        PaidInvoice there = entitles(invoice(
                "sub_1",
                USER,
                false,
                StripeJson.itemProration(STARTER, -500, MIDDLE, END),
                StripeJson.itemProration(TEAM, 3750, MIDDLE, END),
                StripeJson.itemProration(TEAM, -3750, MIDDLE, END),
                StripeJson.itemProration(STARTER, 500, MIDDLE, END)));

        assertThat(there.claims()).isEmpty();
        assertThat(there.givenBack()).containsExactly(new GivenBack(NOVEMBER, 0));
    }

    /** Up and down again a day apart: of what is above the tier that they end with, the part that was paid for. */
    @Test
    void whoGoesDownAgainBeforeTheUpgradeIsBilledClaimsWhatTheyPaidForOfIt() {
        assertThat(pending(change(MIDDLE, STARTER, -500, TEAM, 3750), change(LATER, TEAM, -3740, STARTER, 499)))
                .containsExactly(above(50, claim(NOVEMBER, "team", 51, MIDDLE, null, 9)));
        assertThat(pending(change(MIDDLE, STARTER, -500, TEAM, 3750), change(LATER, TEAM, -3500, STARTER, 467)))
                .containsExactly(above(50, claim(NOVEMBER, "team", 80, MIDDLE, null, 217)));
        // Ends above the tier that was paid for before.
        assertThat(pending(change(MIDDLE, STARTER, -500, TEAM, 3750), change(LATER, TEAM, -3750, PRO, 1251)))
                .containsExactly(above(50, claim(NOVEMBER, "team", 153, MIDDLE, null, 751)));
        // Quantities are tiers of their own.
        String pending = "{\"invoice_item_details\": {\"subscription\": \"sub_1\", \"proration\": true}}";
        assertThat(pending(
                        List.of(
                                StripeJson.itemProration(STARTER, -500, MIDDLE, END),
                                StripeJson.line(STARTER, 50_000, 100, MIDDLE, END, pending)),
                        List.of(
                                StripeJson.line(STARTER, -49_990, 100, LATER, END, pending),
                                StripeJson.itemProration(STARTER, 499, LATER, END))))
                .containsExactly(above(50, claim(NOVEMBER, "starter", 50, MIDDLE, null, 9)));
    }

    /** Nobody says what a customer ends with who has one of two items taken away. */
    @Test
    void whatWasTakenAwayAgainBeforeItWasBilledClaimsThePartThatWasPaidFor() {
        assertThat(pending(
                        List.of(StripeJson.itemProration(TEAM, 3750, MIDDLE, END)),
                        List.of(StripeJson.itemProration(TEAM, -3742, LATER, END))))
                .containsExactly(claim(NOVEMBER, "team", 1, MIDDLE, null, 8));
    }

    @Test
    void whoGoesDownAndFurtherUpBeforeItIsBilledClaimsTheTierThatTheyEndWith() {
        assertThat(pending(change(MIDDLE, PRO, -1250, STARTER, 500), change(LATER, STARTER, -499, TEAM, 3748)))
                .containsExactly(above(150, claim(NOVEMBER, "team", 500, LATER, null, 2499)));
        assertThat(pending(change(MIDDLE, STARTER, -500, PRO, 1250), change(LATER, PRO, -1249, TEAM, 3748)))
                .containsExactly(above(50, claim(NOVEMBER, "team", 500, LATER, null, 3249)));
    }

    /** Stripe's times are whole seconds. */
    @Test
    void twoUpgradesAtOneMomentClaimAllThatIsAboveTheFirst() {
        assertThat(pending(change(MIDDLE, STARTER, -500, PRO, 1250), change(MIDDLE, PRO, -1250, TEAM, 3750)))
                .containsExactly(above(50, claim(NOVEMBER, "team", 500, MIDDLE, null, 3250)));
    }

    /** Chosen and given up within a second: it is as if it had never been, whatever else is changed. */
    @Test
    void aTierThatWasOnlyPassedThroughIsNotGrantedForThePriceOfAnother() {
        List<String> throughTeam =
                both(change(MIDDLE, STARTER, -500, TEAM, 3750), change(MIDDLE, TEAM, -3750, STARTER, 500));

        assertThat(pending(throughTeam, change(LATER, STARTER, -467, PRO, 1166)))
                .extracting(Claim::tier, Claim::above, Claim::credits, Claim::paidCents)
                .containsExactly(tuple("pro", 50L, 150L, 699L));
    }

    /** Its invoice may be open still. */
    @Test
    void anUpgradeAfterATierThatWasOnlyPassedThroughStandsForNoRenewal() {
        List<String> proAndBack = both(change(MIDDLE, PRO, -1250, TEAM, 3750), change(MIDDLE, TEAM, -3750, PRO, 1250));

        assertThat(pending(proAndBack, change(LATER, PRO, -1166, TEAM, 3500)))
                .containsExactly(above(150, claim(NOVEMBER, "team", 500, LATER, null, 2334)));
    }

    @Test
    void aTierThatWasOnlyPassedThroughIsNotWhatTheyEndWith() {
        List<String> downThroughTeam = both(
                change(LATER, TEAM, -3740, STARTER, 499),
                both(change(LATER, STARTER, -499, TEAM, 3740), change(LATER, TEAM, -3740, STARTER, 499)));

        assertThat(pending(change(MIDDLE, STARTER, -500, TEAM, 3750), downThroughTeam))
                .containsExactly(above(50, claim(NOVEMBER, "team", 51, MIDDLE, null, 9)));
    }

    /** Else the claim would begin at nothing, and keep credits whose own payment comes back. */
    @Test
    void aTierThatWasOnlyPassedThroughShieldsNothingThatWasPaidBefore() {
        List<String> down = both(change(START, PRO, -2500, STARTER, 1000), change(START, STARTER, -1000, PRO, 2500));

        assertThat(pending(down, both(change(MIDDLE, PRO, -1250, TEAM, 3750), change(LATER, TEAM, -3747, PRO, 1250))))
                .containsExactly(above(150, claim(NOVEMBER, "team", 150, MIDDLE, null, 3)));
    }

    /** The rest of a period is worth less than half a cent. */
    @Test
    void anUpgradeInTheLastMinutesClaimsTheDifferenceToo() {
        assertThat(claims(
                        credits(StripeJson.proration(STARTER, 0, LATER, END)),
                        StripeJson.proration(TEAM, 1, LATER, END)))
                .containsExactly(above(50, claim(NOVEMBER, "team", 500, LATER, null, 1)));
    }

    private static List<String> both(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static List<Claim> pending(List<String> first, List<String> second) {
        return claims(Stream.concat(first.stream(), second.stream()).toArray(String[]::new));
    }

    private static List<String> change(Instant at, String from, long back, String to, long cents) {
        return List.of(StripeJson.itemProration(from, back, at, END), StripeJson.itemProration(to, cents, at, END));
    }

    @Test
    void anUpgradeClaimsThoughACouponMakesItCheaperThanWhatIsGivenBack() {
        PaidInvoice up = entitles(invoice(
                "sub_1",
                USER,
                false,
                StripeJson.proration(STARTER, -500, MIDDLE, END),
                StripeJson.line(TEAM, 3750, MIDDLE, END, 3750)));

        assertThat(up.claims()).extracting(Claim::credits).containsExactly(500L);
        assertThat(up.claims()).extracting(Claim::paidCents).containsExactly(0L);
        assertThat(up.givenBack()).containsExactly(new GivenBack(NOVEMBER, 500));
    }

    @Test
    void aBillByHandGrantsNothingAndMayGiveBackWhatHadWaited() {
        String parent = "{\"invoice_item_details\": {\"subscription\": \"sub_1\"}}";
        String unused = StripeJson.line(PRO, -1250, 1, MIDDLE, END, parent);
        String more = StripeJson.line(PRO, 1250, 1, MIDDLE, END, parent);

        assertThat(entitles(byHand(unused)).givenBack()).containsExactly(new GivenBack(NOVEMBER, 1250));
        assertThat(reading(byHand(more))).isEqualTo(new Ignored(Reason.NO_SUBSCRIPTION));
        assertThat(reading(byHand(StripeJson.line(PRO, -1250, MIDDLE, END))))
                .isEqualTo(new Ignored(Reason.NO_SUBSCRIPTION));
    }

    /** What gives back may stand beyond the first lines, and there is nothing on them to tell by. */
    @Test
    void aLongBillByHandIsLookedUp() {
        String plain = StripeJson.line("price_other", 900, START, END);

        assertThat(reading(byHandOf(StripeJson.invoice("in_1", "cus_1", "sub_1", USER, true, plain))))
                .isEqualTo(new Cut("in_1"));
        assertThat(reading(byHand(plain))).isEqualTo(new Ignored(Reason.NO_SUBSCRIPTION));
    }

    private static StripeObject byHand(String line) {
        return byHandOf(json(line));
    }

    private static StripeObject byHandOf(String invoice) {
        return read(invoice.replace("\"type\": \"subscription_details\"", "\"type\": null")
                .replaceFirst(", \"subscription\": \"sub_1\"}", "}"));
    }

    @Test
    void severalUnitsClaimSeveralTimes() {
        String parent = "{\"subscription_item_details\": {\"subscription\": \"sub_2\"}}";

        assertThat(claims(StripeJson.line(STARTER, 3000, 3, START, END, parent)))
                .containsExactly(claim(new Period("sub_2", END), "starter", 150, START, null, 3000));
    }

    @Test
    void aCouponForEverythingClaimsAllTheSame() {
        assertThat(claims(StripeJson.line(STARTER, 1000, START, END, 1000)))
                .containsExactly(claim(NOVEMBER, "starter", 50, START, null, 0));
        assertThat(claims(StripeJson.line(STARTER, 1000, START, END, 250)))
                .containsExactly(claim(NOVEMBER, "starter", 50, START, null, 750));
    }

    /** Its lines are net of the coupon: all that tells is that there is one, of the whole invoice or of the line. */
    @Test
    void anUpgradeUnderACouponForEverythingClaims() {
        assertThat(List.of(
                        List.of(
                                credits(free(StripeJson.proration(STARTER, 0, MIDDLE, END))),
                                free(StripeJson.proration(TEAM, 0, MIDDLE, END))),
                        List.of(
                                credits(freeByItself(StripeJson.itemProration(STARTER, 0, MIDDLE, END))),
                                freeByItself(StripeJson.itemProration(TEAM, 0, MIDDLE, END))),
                        // Not marked as Stripe's credits are.
                        List.of(
                                free(StripeJson.proration(STARTER, 0, MIDDLE, END)),
                                free(StripeJson.proration(TEAM, 0, MIDDLE, END))),
                        // Up, down and up again.
                        List.of(
                                credits(free(StripeJson.itemProration(STARTER, 0, MIDDLE, END))),
                                free(StripeJson.itemProration(TEAM, 0, MIDDLE, END)),
                                free(StripeJson.itemProration(TEAM, 0, MIDDLE, END)),
                                free(StripeJson.itemProration(STARTER, 0, MIDDLE, END)),
                                free(StripeJson.itemProration(STARTER, 0, MIDDLE, END)),
                                free(StripeJson.itemProration(TEAM, 0, MIDDLE, END)))))
                .allSatisfy(lines -> assertThat(claims(lines.toArray(String[]::new)))
                        .containsExactly(claim(NOVEMBER, "team", 500, MIDDLE, null, 0)));
    }

    @Test
    void aDowngradeUnderACouponForEverythingClaimsNothing() {
        assertThat(List.of(
                        List.of(
                                credits(free(StripeJson.proration(TEAM, 0, MIDDLE, END))),
                                free(StripeJson.proration(STARTER, 0, MIDDLE, END))),
                        List.of(credits(free(StripeJson.proration(TEAM, 0, MIDDLE, END)))),
                        // Up and down again before either was billed.
                        List.of(
                                credits(free(StripeJson.itemProration(STARTER, 0, MIDDLE, END))),
                                free(StripeJson.itemProration(TEAM, 0, MIDDLE, END)),
                                free(StripeJson.itemProration(TEAM, 0, MIDDLE, END)),
                                free(StripeJson.itemProration(STARTER, 0, MIDDLE, END)))))
                .allSatisfy(lines -> {
                    PaidInvoice down = entitles(invoice("sub_1", USER, false, lines.toArray(String[]::new)));
                    assertThat(down.claims()).isEmpty();
                    assertThat(down.givenBack()).containsExactly(new GivenBack(NOVEMBER, 0));
                });
    }

    @Test
    void aPartOfAPeriodThatCostsNothingClaimsNothingWithoutACoupon() {
        assertThat(List.of(
                        StripeJson.proration(STARTER, 0, MIDDLE, END),
                        free(StripeJson.line(STARTER, 0, MIDDLE, END)),
                        free(StripeJson.proration(STARTER, 0, MIDDLE, END)
                                .replace("\"quantity\": 1,", "\"quantity\": 0,"))))
                .allSatisfy(line -> assertThat(reading(invoice("sub_1", USER, false, line)))
                        .isEqualTo(new Ignored(Reason.NOTHING_PAID)));
    }

    private static String free(String line) {
        return line.replace(
                "\"discount_amounts\": []", "\"discount_amounts\": [{\"amount\": 0, \"discount\": \"di_1\"}]");
    }

    private static String freeByItself(String line) {
        return line.replace("\"discounts\": []", "\"discounts\": [\"di_1\"]");
    }

    private static String credits(String line) {
        return line.replace(
                "\"credited_items\": null",
                "\"credited_items\": {\"invoice\": \"in_0\", \"invoice_line_items\": [\"il_0\"]}");
    }

    @Test
    void aTrialClaimsNothingUnlessTheTierSaysSo() {
        assertThat(reading(invoice("sub_1", USER, false, StripeJson.line(STARTER, 0, START, END))))
                .isEqualTo(new Ignored(Reason.NOTHING_PAID));
        assertThat(claims(StripeJson.line(PRO, 0, START, END)))
                .extracting(Claim::credits)
                .containsExactly(150L);
    }

    /** Nobody else pays for the tier that it is changed from: its trial has granted nothing. */
    @Test
    void aTrialThatIsChangedToATierWhoseTrialsGrantClaimsAllOfThat() {
        assertThat(claims(
                        credits(StripeJson.proration(STARTER, 0, MIDDLE, END)),
                        StripeJson.proration(PRO, 0, MIDDLE, END)))
                .extracting(Claim::above, Claim::credits)
                .containsExactly(tuple(0L, 150L));
        assertThat(claims(
                        credits(StripeJson.itemProration(STARTER, 0, MIDDLE, END)),
                        StripeJson.itemProration(PRO, 0, MIDDLE, END),
                        StripeJson.line(PRO, 2500, END, NEXT_END)))
                .as("billed with the first month")
                .extracting(Claim::above, Claim::credits)
                .containsExactly(tuple(0L, 150L), tuple(0L, 150L));
    }

    /** Or the last minutes of a period that isn't paid: what grants on trial stands for nothing that another invoice bills. */
    @Test
    void aTrialOfATierWhoseTrialsGrantIsPaidForByItsOwnInvoice() {
        String details = "{\"subscription_item_details\": {\"subscription\": \"sub_1\", \"proration\": true}}";

        assertThat(claims(
                        credits(StripeJson.proration(PRO, 0, LATER, END)),
                        StripeJson.line(PRO, 0, 2, LATER, END, details)))
                .extracting(Claim::above, Claim::credits)
                .containsExactly(tuple(150L, 300L));
    }

    /** Portals let people set it to zero. */
    @Test
    void noneOfAPriceIsNoTrial() {
        String none = StripeJson.line(PRO, 0, START, END).replace("\"quantity\": 1", "\"quantity\": 0");

        assertThat(reading(invoice("sub_1", USER, false, none))).isEqualTo(new Ignored(Reason.NOTHING_PAID));
    }

    @Test
    void aPriceThatIsNotOursIsIgnored() {
        assertThat(reading(invoice("sub_1", USER, false, StripeJson.line("price_other", 900, START, END))))
                .isEqualTo(new Ignored(Reason.UNKNOWN_PRICE));
        assertThat(claims(StripeJson.line("price_other", 900, START, END), StripeJson.line(STARTER, 1000, START, END)))
                .containsExactly(claim(NOVEMBER, "starter", 50, START, null, 1000));
    }

    /** A credit note took 500 off before it was paid; or the customer's balance took them over, a gift or paid for before. */
    @Test
    void bringsInNoMoreThanWasPaid() {
        assertThat(claimsPaid(500, StripeJson.line(STARTER, 1000, START, END)))
                .containsExactly(claim(NOVEMBER, "starter", 50, START, null, 500));
        assertThat(claimsPaid(0, StripeJson.line(STARTER, 1000, START, END)))
                .containsExactly(claim(NOVEMBER, "starter", 50, START, null, 0));
    }

    @Test
    void bringsInLessWhenALineOfAnotherKindTakesSomethingOff() {
        assertThat(claims(
                        StripeJson.line(STARTER, 1000, START, END),
                        StripeJson.line("price_goodwill", -500, START, END)))
                .containsExactly(claim(NOVEMBER, "starter", 50, START, null, 500));
    }

    @Test
    void sharesTheCashOutToTheCent() {
        assertThat(claimsPaid(
                        1000,
                        StripeJson.itemProration(STARTER, 333, MIDDLE, END),
                        StripeJson.line(STARTER, 1000, END, NEXT_END)))
                .extracting(Claim::revenueCents)
                .containsExactly(249L, 751L);
    }

    @Test
    void givesNothingMoreForOnePeriodThatAnotherOneGaveBack() {
        assertThat(claims(
                        StripeJson.itemProration(TEAM, -3000, MIDDLE, END),
                        StripeJson.itemProration(STARTER, 500, MIDDLE, END),
                        StripeJson.line(TEAM, 7500, END, NEXT_END)))
                .extracting(Claim::revenueCents)
                .containsExactly(5000L);
    }

    /** What comes back is measured by all that settled it. */
    @Test
    void knowsCashFromTheCustomersBalance() {
        PaidInvoice invoice = entitles(read(json(StripeJson.line(STARTER, 1000, START, END))
                .replaceFirst(
                        "\"amount_paid\": \\d+",
                        "\"amount_paid\": 400, \"starting_balance\": -700, \"ending_balance\": -100")));

        assertThat(invoice.paidCents()).isEqualTo(1000);
        assertThat(invoice.cashCents()).isEqualTo(400);
        assertThat(invoice.claims()).extracting(Claim::revenueCents).containsExactly(400L);
        assertThat(invoice.claims()).extracting(Claim::paidCents).containsExactly(1000L);
        assertThat(invoice.claims()).extracting(Claim::credits).containsExactly(50L);
    }

    @Test
    void anInvoiceWithoutSubscriptionIsIgnored() {
        StripeObject manual = new StripeObject(
                "in_1", "cus_1", null, null, null, USER.toString(), List.of(), false, null, MoneyFields.NONE);

        assertThat(reading(manual)).isEqualTo(new Ignored(Reason.NO_SUBSCRIPTION));
    }

    @Test
    void anInvoiceOfWhichOnlyTheFirstLinesAreShownIsNotReadAtAll() {
        List<String> firstLines = List.of(
                StripeJson.line("price_other", 900, START, END),
                StripeJson.line(STARTER, 0, START, END),
                StripeJson.line(STARTER, 1000, START, END));

        assertThat(firstLines)
                .allSatisfy(line ->
                        assertThat(reading(invoice("sub_1", USER, true, line))).isEqualTo(new Cut("in_1")));
    }

    /** It would be lost, for good: the invoice would have had its effect. */
    @Test
    void aChangeToAPriceThatNoTierHasIsForPeopleToDecide() {
        StripeObject changed = invoice(
                "sub_1",
                USER,
                false,
                StripeJson.proration(PRO, -2419, MIDDLE, END),
                StripeJson.proration("price_new", 2903, MIDDLE, END));

        assertThatThrownBy(() -> reading(changed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("changes from price_pro to price_new");
        assertThatThrownBy(() -> reading(invoice(
                        "sub_1",
                        USER,
                        false,
                        StripeJson.itemProration(PRO, -1250, MIDDLE, END),
                        StripeJson.line("price_new", 3000, MIDDLE, NEXT_END))))
                .as("of another length")
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatOthersSellBesideAChangeOrBillAfterItChangesNothing() {
        assertThat(claims(
                        StripeJson.proration(STARTER, -500, MIDDLE, END),
                        StripeJson.proration(PRO, 1250, MIDDLE, END),
                        StripeJson.proration("price_seat", 300, MIDDLE, END)))
                .extracting(Claim::tier)
                .containsExactly("pro");
        assertThat(entitles(invoice(
                                "sub_1",
                                USER,
                                false,
                                StripeJson.proration(PRO, -1250, MIDDLE, END),
                                StripeJson.line(STARTER, 0, MIDDLE, END),
                                StripeJson.proration("price_seat", 300, MIDDLE, END)))
                        .givenBack())
                .as("to one that costs nothing")
                .containsExactly(new GivenBack(NOVEMBER, 1250));
        assertThat(entitles(invoice(
                                "sub_1",
                                USER,
                                false,
                                StripeJson.proration(PRO, -1250, MIDDLE, END),
                                StripeJson.proration("price_seat", -200, MIDDLE, END),
                                StripeJson.proration("price_seat", 300, MIDDLE, END)))
                        .givenBack())
                .as("ends, and others' seats are more")
                .containsExactly(new GivenBack(NOVEMBER, 1250));
        assertThat(entitles(invoice(
                                "sub_1",
                                USER,
                                false,
                                StripeJson.itemProration(PRO, -1250, MIDDLE, END),
                                StripeJson.line("price_seat", 600, END, NEXT_END)))
                        .givenBack())
                .containsExactly(new GivenBack(NOVEMBER, 1250));
    }

    /** Where a bill can't be voided, that is how it is called off. */
    @Test
    void aBillThatCreditNotesPaidForWhollyGrantsNothing() {
        String billed = json(StripeJson.line(TEAM, 7500, START, END));
        String credited = "\"pre_payment_credit_notes_amount\": %d, \"amount_paid\": %d";

        assertThat(reading(read(billed.replaceFirst("\"amount_paid\": \\d+", credited.formatted(7500, 0)))))
                .isEqualTo(new Ignored(Reason.CREDITED));
        assertThat(entitles(read(billed.replaceFirst("\"amount_paid\": \\d+", credited.formatted(7000, 500))))
                        .claims())
                .as("like a coupon")
                .extracting(Claim::credits)
                .containsExactly(500L);
        assertThat(entitles(read(billed.replaceFirst("\"amount_paid\": \\d+", credited.formatted(500, 0))))
                        .claims())
                .as("the rest was paid outside of Stripe, before it said so")
                .hasSize(1);
        assertThat(entitles(read(json(
                                        StripeJson.line(TEAM, 7500, START, END, 7500),
                                        StripeJson.line("price_setup", 300, START, END))
                                .replaceFirst("\"amount_paid\": \\d+", credited.formatted(300, 0))))
                        .claims())
                .as("it called off what others sell")
                .hasSize(1);
    }

    /** One that was paid for in cash alone. */
    private static Claim claim(
            Period period, String tier, long credits, Instant start, @Nullable Instant expires, long cents) {
        return new Claim(period, tier, 0, credits, start, expires, cents, cents);
    }

    /** One of an upgrade. */
    private static Claim above(long above, Claim claim) {
        return new Claim(
                claim.period(),
                claim.tier(),
                above,
                claim.credits(),
                claim.periodStart(),
                claim.expiresAt(),
                claim.revenueCents(),
                claim.paidCents());
    }

    private static List<Claim> claims(String... lines) {
        return entitles(invoice("sub_1", USER, false, lines)).claims();
    }

    private static List<Claim> claimsPaid(long cents, String... lines) {
        return entitles(read(json(lines).replaceFirst("\"amount_paid\": \\d+", "\"amount_paid\": " + cents)))
                .claims();
    }

    private static String json(String... lines) {
        return StripeJson.invoice("in_1", "cus_1", "sub_1", USER, false, lines);
    }

    private static PaidInvoice entitles(StripeObject invoice) {
        return switch (reading(invoice)) {
            case Entitles entitles -> entitles.invoice();
            case Cut cut -> throw new AssertionError(cut.toString());
            case Ignored ignored -> throw new AssertionError(ignored.toString());
        };
    }

    private static InvoiceReading reading(StripeObject invoice) {
        return InvoiceReader.read(invoice, TARIFF);
    }

    private static StripeObject invoice(String subscription, @Nullable UUID user, boolean hasMore, String... lines) {
        return read(StripeJson.invoice("in_1", "cus_1", subscription, user, hasMore, lines));
    }

    private static StripeObject read(String invoice) {
        return StripeEventReader.read(
                        StripeJson.event("evt_1", "invoice.paid", invoice).getBytes(UTF_8))
                .object();
    }
}
