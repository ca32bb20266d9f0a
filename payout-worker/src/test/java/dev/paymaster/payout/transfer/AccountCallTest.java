package dev.paymaster.payout.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.payout.PayoutCommand.ApplyAccountStatus;
import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.Ids;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.payout.Samples;
import dev.paymaster.payout.account.AccountReport;
import dev.paymaster.payout.instrument.InstrumentReport;
import dev.paymaster.payout.transfer.AccountAnswer.Found;
import dev.paymaster.payout.transfer.AccountClaims.AccountClaim;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** What is told of an account that Stripe has been asked for. */
class AccountCallTest {
    private final List<Outgoing> published = new ArrayList<>();
    private final List<InstrumentReport> used = new ArrayList<>();

    /** Two that can't be paid would take each other's place without end. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // which account, its capability; whether it is told
                "the current one | active   | true",
                "the current one | inactive | true",
                "one of before   | active   | true",
                "one of before   | inactive | false",
                "one of before   | pending  | false",
            })
    void tellsOfAnAccountOfBeforeOnlyIfItCanBePaid(String which, String transfers, boolean told) {
        AccountClaim claim = new AccountClaim(
                UUID.randomUUID(), Samples.RECEIVER, "acct_1", Samples.NOW, which.equals("the current one"));
        ConnectedAccounts stripe = (accountId, asOf) ->
                new Found(new AccountReport(accountId, null, true, transfers, false, List.of(), asOf), Set.of("f"));

        new AccountCall(
                        new AccountClaims(new JdbcTemplate(), settings()),
                        CallTest.guard(),
                        stripe,
                        used::addAll,
                        new EventWriter("/test", Ids.timeOrdered(), Clock.systemUTC()),
                        published::addAll)
                .carryOut(claim);

        assertThat(used).containsExactly(new InstrumentReport("acct_1", Samples.RECEIVER, Set.of("f")));
        assertThat(published).hasSize(told ? 1 : 0).allSatisfy(command -> {
            ApplyAccountStatus status = Codec.read(Objects.requireNonNull(command.value()), ApplyAccountStatus.class);
            assertThat(status.receiver()).isEqualTo(Samples.RECEIVER);
            assertThat(status.accountId()).isEqualTo("acct_1");
            assertThat(status.transfers()).isEqualTo(transfers);
        });
    }

    private static DispatchSettings settings() {
        return new DispatchSettings(
                new DispatchSettings.RateLimit(1, 1),
                Duration.ofSeconds(60),
                Duration.ofMillis(200),
                Duration.ofMinutes(5));
    }
}
