package dev.paymaster.payout.transfer;

import dev.paymaster.events.Topics;
import dev.paymaster.events.payout.AccountSnapshot;
import dev.paymaster.events.payout.AccountSnapshot.Status;
import dev.paymaster.messaging.Failures;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Publisher;
import dev.paymaster.payout.account.AccountReport;
import dev.paymaster.payout.instrument.InstrumentReport;
import dev.paymaster.payout.instrument.KnownInstruments;
import dev.paymaster.payout.transfer.AccountAnswer.Found;
import dev.paymaster.payout.transfer.AccountAnswer.NotTold;
import dev.paymaster.payout.transfer.AccountClaims.AccountClaim;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done with an account that is asked for: Stripe's answer is published, and what the account is paid to written down. Thread-safe. */
final class AccountCall {
    private static final Logger LOG = LoggerFactory.getLogger(AccountCall.class);

    private final AccountClaims claims;
    private final StripeGuard guard;
    private final ConnectedAccounts accounts;
    private final KnownInstruments instruments;
    private final EventWriter events;
    private final Publisher publisher;

    AccountCall(
            AccountClaims claims,
            StripeGuard guard,
            ConnectedAccounts accounts,
            KnownInstruments instruments,
            EventWriter events,
            Publisher publisher) {
        this.claims = claims;
        this.guard = guard;
        this.accounts = accounts;
        this.instruments = instruments;
        this.events = events;
        this.publisher = publisher;
    }

    /** Asks. Fails only in the log: then the account is asked for again later. */
    void carryOut(AccountClaim claim) {
        try {
            AccountAnswer answer =
                    guard.call(() -> accounts.find(claim.accountId(), claim.asOf()), why -> new NotTold(true, why));
            switch (answer) {
                case Found found -> {
                    // First, because payouts may wait for it.
                    tell(claim, found.report());
                    instruments.add(
                            List.of(new InstrumentReport(claim.accountId(), claim.receiver(), found.fingerprints())));
                    claims.rest(claim);
                }
                case NotTold untold -> {
                    LOG.info("account {} is asked for again: {}", claim.accountId(), untold.why());
                    if (untold.isLost()) {
                        claims.askSoonAgain(claim);
                    }
                }
            }
        } catch (RuntimeException e) {
            LOG.warn("account {} is asked for again later: {}", claim.accountId(), Failures.withCause(e));
            LOG.debug("account {}", claim.accountId(), e);
        }
    }

    /** One of before only if it can be paid: two that can't would take each other's place without end. */
    private void tell(AccountClaim claim, AccountReport report) {
        boolean payable = AccountSnapshot.statusOf(report.detailsSubmitted(), report.transfers()) == Status.ACTIVE;
        if (claim.current() || payable) {
            publish(claim, report);
        }
    }

    private void publish(AccountClaim claim, AccountReport report) {
        publisher.publish(List.of(events.command(
                Topics.PAYOUT_COMMANDS,
                claim.receiver().toString(),
                claim.id().toString(),
                claim.accountId(),
                report.about(claim.receiver()))));
    }
}
