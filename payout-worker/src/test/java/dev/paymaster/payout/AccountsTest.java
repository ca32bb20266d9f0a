package dev.paymaster.payout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.Database;
import dev.paymaster.payout.account.ReceiverAccount;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.JdbcTemplate;

/** What is kept of accounts beside what Stripe says, on a real database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountsTest {
    private final UUID receiver = UUID.randomUUID();
    private JdbcTemplate owner;
    private Accounts accounts;

    @BeforeAll
    void migrate() {
        Database database = Sql.migrated("accounts");
        owner = Sql.asOwner(database);
        accounts = new Accounts(Sql.asWorker(database));
    }

    /** Else what it is paid to might not be known for a month: it was left alone while it couldn't be paid. */
    @Test
    void anAccountIsLookedAtSoonAfterItCanBePaidAndSoIsTheNextOne() {
        told("acct_1", "inactive");
        looked();
        told("acct_1", "inactive");
        assertThat(isToBeLookedAt()).isFalse();
        told("acct_1", "active");
        assertThat(isToBeLookedAt()).as("it can be paid now").isTrue();

        looked();
        told("acct_1", "active");
        assertThat(isToBeLookedAt()).isFalse();
        told("acct_2", "active");
        assertThat(isToBeLookedAt()).as("another account").isTrue();
    }

    private void told(String accountId, String transfers) {
        accounts.save(List.of(
                new ReceiverAccount(receiver, accountId, true, transfers, true, List.of(), Samples.NOW, Samples.NOW)));
    }

    private void looked() {
        owner.update("UPDATE payouts.account SET look_at = now() + interval '30 days'");
    }

    private boolean isToBeLookedAt() {
        return Boolean.TRUE.equals(Objects.requireNonNull(
                owner.queryForObject("SELECT look_at <= now() FROM payouts.account", Boolean.class)));
    }
}
