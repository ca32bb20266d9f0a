package dev.paymaster.payout.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.Account;
import com.stripe.model.BankAccount;
import com.stripe.model.Card;
import com.stripe.model.ExternalAccount;
import com.stripe.model.ExternalAccountCollection;
import dev.paymaster.payout.account.AccountReport;
import dev.paymaster.payout.transfer.AccountAnswer;
import dev.paymaster.payout.transfer.ConnectedAccounts;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks Stripe how receivers' accounts stand, and what they are paid to; v1 shows those of v2, too. Thread-safe. */
final class StripeAccounts implements ConnectedAccounts {
    private final StripeClient client;

    StripeAccounts(StripeClient client) {
        this.client = client;
    }

    @Override
    public AccountAnswer find(String accountId, Instant asOf) {
        try {
            Account account = client.v1().accounts().retrieve(accountId);
            return accountId.equals(account.getId())
                    ? new AccountAnswer.Found(report(account, asOf), fingerprints(account))
                    : new AccountAnswer.NotTold(true, "Stripe's answer is not the account");
        } catch (StripeException | RuntimeException e) {
            return Answers.saysGone(e)
                    ? new AccountAnswer.Found(AccountReport.gone(accountId, asOf), Set.of())
                    : Answers.toQuestion(e);
        }
    }

    /** Of what it is paid to, as far as Stripe shows it with the account. */
    private static Set<String> fingerprints(Account account) {
        ExternalAccountCollection shown = account.getExternalAccounts();
        if (shown == null || shown.getData() == null) {
            return Set.of();
        }
        return shown.getData().stream()
                .map(StripeAccounts::fingerprint)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    private static @Nullable String fingerprint(ExternalAccount external) {
        return switch (external) {
            case BankAccount bankAccount -> bankAccount.getFingerprint();
            case Card card -> card.getFingerprint();
            default -> null;
        };
    }

    private static AccountReport report(Account account, Instant asOf) {
        Account.Capabilities capabilities = account.getCapabilities();
        Account.Requirements requirements = account.getRequirements();
        boolean nothingDue = requirements == null || requirements.getCurrentlyDue() == null;
        return new AccountReport(
                account.getId(),
                null,
                Boolean.TRUE.equals(account.getDetailsSubmitted()),
                capabilities == null ? null : capabilities.getTransfers(),
                Boolean.TRUE.equals(account.getPayoutsEnabled()),
                nothingDue ? List.of() : List.copyOf(requirements.getCurrentlyDue()),
                asOf);
    }
}
