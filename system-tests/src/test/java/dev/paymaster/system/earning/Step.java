package dev.paymaster.system.earning;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** One thing that happens to somebody who earns, or that must be so by then. */
sealed interface Step {
    String says();

    /** Somebody does something, here or at Stripe. */
    record Act(String says, Consumer<Earner> action) implements Step {}

    /**
     * All that has happened is told by Stripe, in some order; then the payouts must have these states.
     *
     * @param payouts how many there are, by status and reason
     * @param cents what the receiver has got by then, over all accounts
     */
    record Has(String says, Map<String, Integer> payouts, long cents) implements Step {}

    static Step doesAJob() {
        return new Act("does a job", Earner::doJob);
    }

    static Step anotherDoesAJob() {
        return new Act("another does a job", Earner::doJobByOther);
    }

    static Step anotherCanBePaid() {
        return new Act("another opens an account that can be paid", Earner::letOtherBePaid);
    }

    static Step anotherHas(int count, String status) {
        return new Act(
                "another has " + count + " " + status,
                earner -> eventually("another's payouts")
                        .untilAsserted(() -> assertThat(earner.payoutsOfOther()).isEqualTo(Map.of(status, count))));
    }

    static Step opensAnAccount() {
        return new Act("opens an account", Earner::openAccount);
    }

    /**
     * Goes through onboarding.
     *
     * @param outcome as the sandbox's control call takes it: {@code complete}, {@code leave}, {@code restrict}
     */
    static Step onboarding(String outcome) {
        return new Act("onboarding: " + outcome, earner -> earner.onboard(outcome));
    }

    static Step canBePaid() {
        return new Act("opens an account that can be paid", earner -> {
            earner.openAccount();
            earner.onboard("complete");
        });
    }

    static Step disconnects() {
        return new Act("disconnects the account", Earner::disconnect);
    }

    /**
     * Stripe fails transfers to the account.
     *
     * @param kind of the sandbox's faults
     */
    static Step transfersMeet(String kind, int times) {
        return new Act("the next " + times + " transfers meet " + kind, earner -> earner.breakTransfers(kind, times));
    }

    static Step nextTransferTakes(Duration time) {
        return new Act("the next transfer takes " + time, earner -> earner.slowTransfer(time));
    }

    static Step isBeingPaid() {
        return new Act("is being paid", Earner::awaitClaim);
    }

    static Step allOfThatHasStruck() {
        return new Act("all of that has struck", Earner::awaitStrikes);
    }

    /** Whatever is known here. */
    static Step stripeHasPaid(long cents) {
        return new Act("Stripe has paid " + cents, earner -> earner.awaitMoney(cents));
    }

    static Step stripeHeals() {
        return new Act("Stripe heals", Earner::healStripe);
    }

    static Step aDayPasses() {
        return new Act("a day passes", Earner::passADay);
    }

    static Step platformHas(long cents) {
        return new Act("the platform has " + cents, earner -> earner.fundPlatform(cents));
    }

    /** Jobs' ids grow. */
    static Step wasPaidOldestFirst() {
        return new Act(
                "was paid oldest first", earner -> assertThat(earner.paidJobs()).isSorted());
    }

    /** The only payout: each key is numbered from 1, and the next one is used when the last one can't have paid. */
    static Step wasPaidWithKey(int number) {
        return new Act(
                "was paid with key " + number,
                earner -> assertThat(earner.key()).isEqualTo(number));
    }

    /** The only payout: for a while nobody knew what had become of it. Others' faults may have put off its call before. */
    static Step wasInDoubtFirst() {
        return new Act(
                "was in doubt first",
                earner -> assertThat(earner.outcomes())
                        .filteredOn(outcome -> !outcome.equals("not_yet"))
                        .startsWith("unknown")
                        .endsWith("paid"));
    }

    static Step wasPaidOnTheLatestAccount() {
        return new Act(
                "was paid on the latest account",
                earner -> assertThat(earner.paidJobs()).hasSize(1));
    }

    static Step wasPaidBy(int transfers) {
        return new Act(
                "was paid by " + transfers + " transfers",
                earner -> assertThat(earner.transfers()).isEqualTo(transfers));
    }

    static Step eachBatchListsItsJobs() {
        return new Act(
                "each batch lists its jobs",
                earner -> assertThat(earner.batches())
                        .isNotEmpty()
                        .allSatisfy((batch, jobs) ->
                                assertThat(earner.jobsOf(batch)).isEqualTo(jobs)));
    }

    static Step theHoldIsOver() {
        return new Act("the hold is over", Earner::bringTheDayUp);
    }

    static Step thePeriodEnds() {
        return new Act("the period ends", Earner::bringTheDayUp);
    }

    static Step stripeTakesBack(long cents) {
        return new Act("Stripe takes " + cents + " back", earner -> earner.reverseAtStripe(cents));
    }

    static Step isTakenBack() {
        return new Act("an administrator takes it back", earner -> earner.administer("reverse"));
    }

    static Step isRetried() {
        return new Act("an administrator has it paid", earner -> earner.administer("retry"));
    }

    static Step hasNothing() {
        return has(Map.of(), 0);
    }

    static Step has(int count, String status, long cents) {
        return has(Map.of(status, count), cents);
    }

    static Step has(Map<String, Integer> payouts, long cents) {
        return new Has("has payouts " + payouts + ", got " + cents, payouts, cents);
    }

    /** Whether an earner has what is written here. */
    static void require(Has has, Earner earner) {
        assertThat(earner.payouts()).as(has.says()).isEqualTo(new TreeMap<>(has.payouts()));
        assertThat(earner.got()).as(has.says()).isEqualTo(has.cents());
    }
}
