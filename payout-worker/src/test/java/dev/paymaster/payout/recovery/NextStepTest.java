package dev.paymaster.payout.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.payout.Samples;
import dev.paymaster.payout.obligation.Batching;
import dev.paymaster.payout.obligation.Key;
import dev.paymaster.payout.obligation.Made;
import dev.paymaster.payout.obligation.Payout.Paid;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people read in the log of attempts, in every state that a payout may be in. */
class NextStepTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    due       | call Stripe with key payout:00000000-0000-0002-0000-000000000001:1 at 2026-11-01T12:00:00Z
                    doubtful  | call Stripe with key payout:00000000-0000-0002-0000-000000000001:1 at 2026-11-01T12:00:00Z
                    searched  | look for the transfer in Stripe's list at 2026-11-01T12:00:00Z
                    unpayable | wait until Stripe reports that the receiver's account can be paid
                    crossed   | look for the transfer in Stripe's list at 2026-11-01T12:00:00Z
                    unfunded  | look for the transfer in Stripe's list at 2026-11-01T12:00:00Z
                    uncovered | wait until the sender's purchases have brought in more
                    paid      | nothing
                    recalled  | take the transfer back with key reversal:00000000-0000-0002-0000-000000000001:1 at 2026-11-01T12:00:00Z
                    inspected | look at how much of the transfer was taken back at 2026-11-01T12:00:00Z
                    unwilling | look at how much of the transfer was taken back at 2026-11-01T12:00:00Z
                    failed    | wait for an administrator to retry it
                    reversed  | nothing, unless an administrator has it paid once more
                    """)
    void tellsWhatHappensNextAndWhen(String state, String words) {
        assertThat(NextStep.of(Samples.state(state))).isEqualTo(words);
    }

    @Test
    void tellsWhatIsDoneByOthers() {
        assertThat(NextStep.of(Batching.member(Samples.OWED, Key.first(), new UUID(9, 9))))
                .isEqualTo("wait for the batch");
        assertThat(NextStep.of(new Paid(Samples.OWED, Samples.USED, Made.of("tr_1"), "refused")))
                .isEqualTo("wait for an administrator to ask for it again");
    }
}
