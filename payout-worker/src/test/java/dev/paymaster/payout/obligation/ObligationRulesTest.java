package dev.paymaster.payout.obligation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.payout.Samples;
import dev.paymaster.payout.obligation.ObligationRules.Retry;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObligationRulesTest {
    @Test
    void isDueAtOnceWhenTheReceiverCanBePaid() {
        Payout payout = ObligationRules.scheduled(Samples.OWED, true, null, Samples.NOW);

        assertThat(Samples.inWords(payout)).isEqualTo("due #1 call +0");
    }

    @Test
    void isHeldUntilTheReceiverCanBePaid() {
        Payout payout = ObligationRules.scheduled(Samples.OWED, false, null, Samples.NOW);

        assertThat(Samples.inWords(payout)).isEqualTo("held account_not_active #1");
    }

    @Test
    void callsWithTheFirstKeyWhenItWasNeverUsed() {
        Payout held = ObligationRules.scheduled(Samples.OWED, false, null, Samples.NOW);

        Payout released = requireNonNull(ObligationRules.released(held, true, null, Samples.NOW));

        assertThat(Samples.inWords(released)).isEqualTo("due #1 call +0");
    }

    @Test
    void looksUpBeforeANewKeyWhenTheOldOneWasUsed() {
        for (String state : new String[] {"unpayable", "crossed"}) {
            Payout released = requireNonNull(ObligationRules.released(Samples.state(state), true, null, Samples.NOW));

            assertThat(Samples.inWords(released)).isEqualTo("due #1 lookup +0");
        }
    }

    /** Otherwise asking how the account stands would end its patience again and again. */
    @Test
    void isNoMorePatientWithWhatAnActiveAccountRefusesWhenNothingIsNew() {
        Payout crossed = Samples.state("crossed");
        Payout refused = new Payout.Held(
                Samples.OWED,
                crossed.key().putOff(),
                Payout.Reason.ACCOUNT_NOT_ACTIVE,
                "refused",
                Plan.lookup(Samples.NOW));
        Payout asked = requireNonNull(ObligationRules.released(refused, false, null, Samples.NOW));
        Payout changed = requireNonNull(ObligationRules.released(refused, true, null, Samples.NOW));

        assertThat(asked.key()).isEqualTo(refused.key());
        assertThat(changed.key().waits()).isZero();
    }

    @Test
    void releasesOnlyWhatWaitsForTheAccount() {
        Samples.states().forEach((name, payout) -> {
            if (!name.equals("unpayable") && !name.equals("crossed")) {
                assertThat(ObligationRules.released(payout, true, null, Samples.NOW))
                        .as(name)
                        .isNull();
            }
        });
    }

    @Test
    void holdsWhatNewReceiversAreOwed() {
        Instant later = Samples.NOW.plusSeconds(600);
        Payout scheduled = ObligationRules.scheduled(Samples.OWED, true, later, Samples.NOW);
        Payout inactive = ObligationRules.scheduled(Samples.OWED, false, later, Samples.NOW);
        Payout released = requireNonNull(ObligationRules.released(inactive, true, later, Samples.NOW));

        assertThat(Samples.inWords(scheduled)).isEqualTo("held new_receiver #1 lookup +600");
        assertThat(scheduled.releaseAt()).isEqualTo(later);
        assertThat(Samples.inWords(inactive)).isEqualTo("held account_not_active #1");
        assertThat(released).isEqualTo(scheduled);
        assertThat(Samples.inWords(ObligationRules.scheduled(Samples.OWED, true, Samples.NOW, Samples.NOW)))
                .isEqualTo("due #1 call +0");
        assertThat(ObligationRules.retried(scheduled, true, Samples.NOW))
                .isInstanceOfSatisfying(
                        Retry.Done.class,
                        done -> assertThat(Samples.inWords(done.payout())).isEqualTo("due #1 call +0"));
    }

    @Test
    void triesOnlyWhatWaitsForFundsWhenMoneyComes() {
        Samples.states().forEach((name, payout) -> {
            Payout resumed = ObligationRules.funded(payout);
            assertThat(resumed == null ? "" : Samples.inWords(resumed))
                    .as(name)
                    .isEqualTo(name.equals("unfunded") ? "held insufficient_funds #1 lookup +-60" : "");
        });
    }

    @Test
    void treatsWhatIsAffordedAsIfItWereNew() {
        Instant later = Samples.NOW.plusSeconds(600);
        Samples.states().forEach((name, payout) -> {
            Payout afforded = ObligationRules.afforded(payout, true, null, Samples.NOW);
            assertThat(afforded == null ? "" : Samples.inWords(afforded))
                    .as(name)
                    .isEqualTo(name.equals("uncovered") ? "due #1 call +0" : "");
        });
        Payout uncovered = Samples.state("uncovered");

        assertThat(Samples.inWords(uncovered)).isEqualTo("held revenue_cap #1");
        assertThat(ObligationRules.afforded(uncovered, false, later, Samples.NOW))
                .isEqualTo(ObligationRules.scheduled(Samples.OWED, false, later, Samples.NOW));
        assertThat(ObligationRules.afforded(uncovered, true, later, Samples.NOW))
                .isEqualTo(ObligationRules.scheduled(Samples.OWED, true, later, Samples.NOW));
    }

    @ParameterizedTest
    @CsvSource({
        "unpayable, true,  due #1 lookup +0",
        "unpayable, false, held account_not_active #1",
        "crossed,   true,  due #1 lookup +0",
        "crossed,   false, held account_not_active #1 lookup +0",
        "unfunded,  true,  held insufficient_funds #1 lookup +-60",
        "unfunded,  false, held insufficient_funds #1 lookup +0",
        "uncovered, true,  due #1 call +0",
        "uncovered, false, held account_not_active #1",
        "failed,    true,  due #1 lookup +0",
        "failed,    false, held account_not_active #1",
        "reversed,  true,  due #1 lookup +0",
        "reversed,  false, held account_not_active #1",
    })
    void retriesWhatHasFailedOrIsHeld(String state, boolean payable, String expected) {
        Retry retry = ObligationRules.retried(Samples.state(state), payable, Samples.NOW);

        assertThat(retry)
                .isInstanceOfSatisfying(
                        Retry.Done.class,
                        done -> assertThat(Samples.inWords(done.payout())).isEqualTo(expected));
    }

    @Test
    void refusesToRetryWhatGoesOnByItselfOrIsDone() {
        Map<String, String> details = Map.of(
                "due", "due already",
                "called", "due already",
                "doubtful", "due already",
                "searched", "due already",
                "paid", "tr_1",
                "recalled", "tr_1");

        details.forEach((state, detail) -> assertThat(ObligationRules.retried(Samples.state(state), true, Samples.NOW))
                .as(state)
                .isInstanceOfSatisfying(
                        Retry.Refused.class,
                        refused -> assertThat(refused.detail()).contains(detail)));
    }

    @Test
    void waitsForALostCallToSettleBeforeItLooks() {
        Key doubtful = Samples.USED.unknown(Samples.NOW.plusSeconds(30));
        Payout failed = new Payout.Failed(Samples.OWED, doubtful, "refused");

        Retry retry = ObligationRules.retried(failed, true, Samples.NOW);

        assertThat(retry)
                .isInstanceOfSatisfying(
                        Retry.Done.class,
                        done -> assertThat(Samples.inWords(done.payout())).isEqualTo("due #1 lookup +30"));
    }
}
