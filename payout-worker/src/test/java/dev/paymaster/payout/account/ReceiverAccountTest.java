package dev.paymaster.payout.account;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.payout.PayoutCommand.ApplyAccountStatus;
import dev.paymaster.payout.Samples;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReceiverAccountTest {
    private static final ReceiverAccount ACTIVE = ReceiverAccount.of(report("acct_1", "active", 0));
    private static final ReceiverAccount INACTIVE = ReceiverAccount.of(report("acct_1", "inactive", 0));

    @Test
    void believesTheFirstReport() {
        assertThat(ReceiverAccount.after(null, report("acct_1", "active", 0))).isEqualTo(ACTIVE);
    }

    @Test
    void knowsSinceWhenTheReceiverCanBePaid() {
        ReceiverAccount restricted = requireNonNull(ReceiverAccount.after(ACTIVE, report("acct_1", "inactive", 1)));
        ReceiverAccount replaced = requireNonNull(ReceiverAccount.after(restricted, report("acct_2", "active", 2)));

        assertThat(INACTIVE.payableSince()).isNull();
        assertThat(ACTIVE.payableSince()).isEqualTo(Samples.NOW);
        assertThat(replaced.payableSince()).isEqualTo(Samples.NOW);
    }

    @Test
    void believesANewerReport() {
        ReceiverAccount after = requireNonNull(ReceiverAccount.after(ACTIVE, report("acct_1", "inactive", 1)));

        assertThat(after.isPayable()).isFalse();
    }

    @Test
    void doesNotBelieveAnOlderReport() {
        assertThat(ReceiverAccount.after(ACTIVE, report("acct_1", "inactive", -1)))
                .isNull();
    }

    @Test
    void believesTheLaterArrivalOfTheSameSecond() {
        assertThat(ReceiverAccount.after(INACTIVE, report("acct_1", "active", 0)))
                .isEqualTo(ACTIVE);
    }

    @Test
    void takesAnotherAccountThatCanBePaid() {
        ReceiverAccount after = requireNonNull(ReceiverAccount.after(ACTIVE, report("acct_2", "active", 1)));

        assertThat(after.accountId()).isEqualTo("acct_2");
    }

    @Test
    void keepsAnAccountThatCanBePaidInsteadOfOneThatCannot() {
        assertThat(ReceiverAccount.after(ACTIVE, report("acct_2", "inactive", 1)))
                .isNull();
    }

    @Test
    void takesAnotherAccountInsteadOfOneThatCannotBePaid() {
        assertThat(ReceiverAccount.after(INACTIVE, report("acct_2", "pending", 1)))
                .isNotNull();
    }

    @Test
    void isPayableOnlyByItsCapability() {
        assertThat(ReceiverAccount.of(report("acct_1", "pending", 0)).isPayable())
                .isFalse();
        assertThat(ReceiverAccount.of(report("acct_1", null, 0)).isPayable()).isFalse();
        assertThat(ACTIVE.isPayable()).isTrue();
    }

    private static ApplyAccountStatus report(String account, @Nullable String transfers, int seconds) {
        return new ApplyAccountStatus(
                Samples.RECEIVER, account, true, transfers, true, List.of(), Samples.NOW.plusSeconds(seconds));
    }
}
