package dev.paymaster.credit.reversal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.credit.reversal.PaymentFact.Kind;
import dev.paymaster.credit.reversal.PaymentFact.Reversal;
import dev.paymaster.credit.reversal.TakenBack.Share;
import dev.paymaster.credit.reversal.TakenBack.Step;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TakenBackTest {

    @ParameterizedTest
    @CsvSource({
        "50, 0, 1000, 0",
        "50, 19, 1000, 0",
        "50, 20, 1000, 1",
        "50, 999, 1000, 49",
        "50, 1000, 1000, 50",
        "50, 1001, 1000, 50",
        "50, 500, 0, 0",
        "50, -1, 1000, 0",
        "9000000000000000000, 3000000000000000000, 9000000000000000000, 3000000000000000000",
    })
    void goInProportionRoundedDownAndNeverMoreThanThereWere(long credits, long taken, long paid, long revoked) {
        assertThat(TakenBack.credits(credits, taken, paid)).isEqualTo(revoked);
    }

    @Test
    void refundsCountOnceWhetherToldOneByOneOrInASum() {
        assertThat(TakenBack.cents(300, 0, List.of())).isEqualTo(300);
        assertThat(TakenBack.cents(0, 0, List.of(refund("re_1", 300, false)))).isEqualTo(300);
        assertThat(TakenBack.cents(300, 0, List.of(refund("re_1", 300, false)))).isEqualTo(300);
        assertThat(TakenBack.cents(300, 0, List.of(refund("re_1", 300, false), refund("re_2", 200, false))))
                .isEqualTo(500);
        assertThat(TakenBack.cents(500, 0, List.of(refund("re_2", 200, false)))).isEqualTo(500);
    }

    @Test
    void aFailedRefundDoesNotCount() {
        assertThat(TakenBack.cents(0, 0, List.of(refund("re_1", 300, true)))).isZero();
        assertThat(TakenBack.cents(500, 0, List.of(refund("re_1", 300, false), refund("re_2", 200, true))))
                .isEqualTo(300);
        // After the failure, 100 more were refunded, and the charge says 400; it had said 500 before.
        assertThat(TakenBack.cents(
                        500,
                        0,
                        List.of(refund("re_1", 300, false), refund("re_2", 200, true), refund("re_3", 100, false))))
                .isEqualTo(400);
    }

    @Test
    void aSumSaysWhatWasRefundedByItsTime() {
        List<Reversal> told = List.of(refund("re_1", 300, 10, Reversal.NEVER), refund("re_2", 200, 20, 30));

        assertThat(TakenBack.cents(500, 20, told)).isEqualTo(300);
        assertThat(TakenBack.cents(400, 40, told)).isEqualTo(400);
        assertThat(TakenBack.cents(300, 10, told)).isEqualTo(300);
        assertThat(TakenBack.cents(350, 10, told)).isEqualTo(350);
        assertThat(TakenBack.cents(50, 5, told)).isEqualTo(350);
        assertThat(TakenBack.cents(500, 30, told)).isEqualTo(300);
    }

    @Test
    void disputesAndCreditNotesCountWhileTheyKeepTheMoney() {
        assertThat(TakenBack.cents(0, 0, List.of(dispute(1000, true, false)))).isEqualTo(1000);
        assertThat(TakenBack.cents(0, 0, List.of(dispute(1000, true, true)))).isZero();
        assertThat(TakenBack.cents(0, 0, List.of(dispute(1000, false, false)))).isZero();
        assertThat(TakenBack.cents(
                        200,
                        0,
                        List.of(
                                dispute(1000, true, false),
                                new Reversal("in_1", null, Kind.CREDIT_NOTE, "cn_1", 70, true, false))))
                .isEqualTo(1270);
    }

    @Test
    void eachStepOfAPeriodGoesWithTheInvoiceThatPaidForIt() {
        assertThat(creditsOfPeriod(List.of(share(50, 1000, 1000), share(150, 750, 0)), 0))
                .isEqualTo(50);
        assertThat(creditsOfPeriod(List.of(share(50, 1000, 0), share(150, 750, 750)), 0))
                .isEqualTo(100);
        assertThat(creditsOfPeriod(List.of(share(150, 750, 375), share(50, 1000, 500)), 0))
                .isEqualTo(25 + 50);
        assertThat(creditsOfPeriod(List.of(share(150, 750, 750), share(50, 1000, 1000)), 0))
                .isEqualTo(150);
        assertThat(creditsOfPeriod(List.of(), 0)).isZero();
    }

    @Test
    void aPeriodThatWasPaidForTwiceIsKeptWhenOneOfThemIsRefunded() {
        assertThat(creditsOfPeriod(List.of(share(150, 2500, 2500), share(150, 2500, 0)), 0))
                .isZero();
        assertThat(creditsOfPeriod(List.of(share(150, 2500, 2500), share(150, 2500, 1250)), 0))
                .isEqualTo(75);
    }

    @Test
    void whatIsGivenBackForAPeriodComesOfTheHighestTierFirst() {
        assertThat(creditsOfPeriod(List.of(share(500, 7500, 0)), 5000)).isEqualTo(333);
        assertThat(creditsOfPeriod(List.of(share(50, 1000, 0), share(150, 750, 0)), 750))
                .isEqualTo(100);
        assertThat(creditsOfPeriod(List.of(share(150, 750, 0), share(50, 1000, 0)), 1250))
                .isEqualTo(100 + 25);
        assertThat(creditsOfPeriod(List.of(), 1250)).isZero();
    }

    @Test
    void whatIsGivenBackAddsToRefundsAndDoesNotExceedTheWhole() {
        assertThat(creditsOfPeriod(List.of(share(150, 2500, 1000)), 500)).isEqualTo(90);
        assertThat(creditsOfPeriod(List.of(share(150, 2500, 1000)), 1500)).isEqualTo(150);
        assertThat(creditsOfPeriod(List.of(share(150, 2500, 1000)), 2500)).isEqualTo(150);
        assertThat(creditsOfPeriod(List.of(share(50, 1000, 0), share(150, 1500, 1500)), 400))
                .isEqualTo(100 + 20);
    }

    @Test
    void itIsMeasuredByWhatWasPaidForThePeriodOfAnInvoiceThatPaidForMore() {
        assertThat(creditsOfPeriod(List.of(new Share(0, 150, 3250, 0, 2500)), 1250))
                .isEqualTo(75);
        // 325 of the refund are of the other period.
        assertThat(creditsOfPeriod(List.of(new Share(0, 150, 3250, 1300, 2500)), 500))
                .isEqualTo(60 + 30);
        assertThat(creditsOfPeriod(List.of(new Share(0, 150, 3250, 1300, 2500)), 1500))
                .isEqualTo(150);
    }

    @Test
    void whatCostNothingGoesOnlyWithAllTheMoneyForItsPeriod() {
        List<Share> upgradedByCoupon = List.of(share(50, 1000, 0), share(150, 0, 0));

        assertThat(creditsOfPeriod(upgradedByCoupon, 0)).isZero();
        assertThat(creditsOfPeriod(upgradedByCoupon, 750)).isEqualTo(37);
        assertThat(creditsOfPeriod(upgradedByCoupon, 1000)).isEqualTo(150);
    }

    /** Down and up again within a period: what was given back is of one of the two, and the other keeps the credits. */
    @Test
    void aStepThatWasPaidForTwiceIsKeptWhenOneOfThemIsGivenBack() {
        assertThat(creditsOfPeriod(List.of(share(50, 1000, 0), share(150, 1500, 0), share(150, 1400, 0)), 1400))
                .isZero();
        assertThat(creditsOfPeriod(List.of(share(50, 1000, 0), share(150, 1500, 0), share(150, 1400, 0)), 2900))
                .isEqualTo(100);
    }

    @Test
    void whatLapsedOfOneTierExcusesNothingOfAnother() {
        List<Step> upgradeRefunded = TakenBack.stepsOfPeriod(List.of(share(50, 1000, 0), share(150, 1500, 1500)), 0);

        assertThat(TakenBack.lapsedOf(upgradeRefunded, tier -> tier == 50 ? 50 : 0))
                .isZero();
        assertThat(TakenBack.lapsedOf(upgradeRefunded, tier -> tier == 150 ? 30 : 50))
                .isEqualTo(30);
        assertThat(TakenBack.lapsedOf(upgradeRefunded, tier -> tier == 150 ? 100 : 0))
                .isEqualTo(100);
    }

    /** The invoice of the higher tier was told first, and opened the one lot for both. */
    @Test
    void whatLapsedBeyondItsStepIsOfTheTierBelow() {
        List<Step> startRefunded = TakenBack.stepsOfPeriod(List.of(share(50, 1000, 1000), share(150, 1500, 0)), 0);

        assertThat(TakenBack.lapsedOf(startRefunded, tier -> tier == 150 ? 150 : 0))
                .isEqualTo(50);
        assertThat(TakenBack.lapsedOf(startRefunded, tier -> tier == 150 ? 100 : 0))
                .isZero();
    }

    @Test
    void anUpgradePaidForNothingOfWhatItWasUpgradedFrom() {
        List<Share> overAnUnpaidRenewal = List.of(share(50, 1000, 0), share(150, 500, 5000, 5000));

        assertThat(TakenBack.stepsOfPeriod(overAnUnpaidRenewal, 0))
                .containsExactly(new Step(500, 350, 350), new Step(50, 50, 0));
        assertThat(creditsOfPeriod(overAnUnpaidRenewal, 6000)).isEqualTo(400);
        assertThat(TakenBack.stepsOfPeriod(List.of(share(0, 150, 2500, 2500), share(50, 150, 1400, 0)), 0))
                .as("down and up again, and the first is refunded")
                .containsExactly(new Step(150, 150, 50));
    }

    /** Another price of the same tier was a few dollars more: that keeps nothing which the first payment bought. */
    @Test
    void aChangeOfPricePaidForNoCredits() {
        assertThat(creditsOfPeriod(List.of(share(150, 2000, 2000), share(150, 150, 500, 0)), 0))
                .isEqualTo(150);
        assertThat(creditsOfPeriod(List.of(share(150, 2000, 0), share(150, 150, 500, 500)), 0))
                .isZero();
    }

    /** What was taken for a refund stays taken when a dispute about what had lapsed is won. */
    @Test
    void whatReturnsGivesBackNothingForWhatLapsedOfAnotherTier() {
        assertThat(new Revoked(125, 100).to(25, 0)).isEqualTo(new Revoked(25, 0));
        assertThat(new Revoked(50, 30).to(35, 30)).isEqualTo(new Revoked(35, 30));
        assertThat(new Revoked(50, 30).to(35, 0)).as("nothing more is taken").isEqualTo(new Revoked(35, 15));
        assertThat(new Revoked(50, 30).to(0, 0)).isEqualTo(new Revoked(0, 0));
    }

    private static long creditsOfPeriod(List<Share> invoices, long givenBackCents) {
        return TakenBack.stepsOfPeriod(invoices, givenBackCents).stream()
                .mapToLong(Step::revoked)
                .sum();
    }

    private static Share share(long credits, long paid, long taken) {
        return share(0, credits, paid, taken);
    }

    private static Share share(long above, long credits, long paid, long taken) {
        return new Share(above, credits, paid, taken, paid);
    }

    private static Reversal refund(String id, long cents, boolean failed) {
        return new Reversal("pi_1", null, Kind.REFUND, id, cents, true, failed);
    }

    private static Reversal refund(String id, long cents, long made, long failed) {
        return new Reversal("pi_1", null, Kind.REFUND, id, cents, 0, true, failed != Reversal.NEVER, made, failed);
    }

    private static Reversal dispute(long cents, boolean taken, boolean won) {
        return new Reversal("pi_1", null, Kind.DISPUTE, "dp_1", cents, taken, won);
    }
}
