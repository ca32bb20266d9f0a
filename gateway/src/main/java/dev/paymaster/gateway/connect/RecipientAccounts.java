package dev.paymaster.gateway.connect;

import com.stripe.StripeClient;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Account;
import com.stripe.model.v2.core.AccountLink;
import com.stripe.net.RequestOptions;
import com.stripe.param.v2.core.AccountCreateParams;
import com.stripe.param.v2.core.AccountCreateParams.Configuration.Recipient;
import com.stripe.param.v2.core.AccountCreateParams.Defaults.Responsibilities;
import com.stripe.param.v2.core.AccountLinkCreateParams;
import com.stripe.param.v2.core.AccountLinkCreateParams.UseCase.AccountOnboarding;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.users.Caller;

/**
 * Accounts v2 with the recipient's configuration, which new platforms are told to use (docs.stripe.com/connect/accounts-v2): the
 * account may get transfers to its balance, and nothing else.
 */
final class RecipientAccounts implements AccountOpening {
    private static final int NOT_FOUND = 404;

    private final String country;

    /** @param country of all receivers, as ISO 3166 has it, for example {@code us} */
    RecipientAccounts(String country) {
        this.country = country;
    }

    @Override
    public Account create(StripeClient client, Caller caller, RequestOptions options) throws StripeException {
        if (caller.email() == null) {
            throw Problem.conflict(
                    "email_missing",
                    "Stripe wants an e-mail address of whoever is paid, and this user has none: make the user anew with an email");
        }
        AccountCreateParams account = AccountCreateParams.builder()
                .setContactEmail(caller.email())
                .setDisplayName(caller.name())
                .setDashboard(AccountCreateParams.Dashboard.EXPRESS)
                .setIdentity(AccountCreateParams.Identity.builder()
                        .setCountry(country)
                        .build())
                .setDefaults(AccountCreateParams.Defaults.builder()
                        .setResponsibilities(Responsibilities.builder()
                                .setFeesCollector(Responsibilities.FeesCollector.APPLICATION)
                                .setLossesCollector(Responsibilities.LossesCollector.APPLICATION)
                                .build())
                        .build())
                .setConfiguration(AccountCreateParams.Configuration.builder()
                        .setRecipient(recipient())
                        .build())
                .putMetadata(USER_ID, caller.id().toString())
                .build();
        String id = client.v2().core().accounts().create(account, options).getId();
        return client.v1().accounts().retrieve(id);
    }

    private static Recipient recipient() {
        return Recipient.builder()
                .setCapabilities(Recipient.Capabilities.builder()
                        .setStripeBalance(Recipient.Capabilities.StripeBalance.builder()
                                .setStripeTransfers(Recipient.Capabilities.StripeBalance.StripeTransfers.builder()
                                        .setRequested(true)
                                        .build())
                                .build())
                        .build())
                .build();
    }

    @Override
    public Link link(StripeClient client, String accountId, String refreshUrl, String returnUrl)
            throws StripeException {
        try {
            AccountLink link = client.v2().core().accountLinks().create(linkTo(accountId, refreshUrl, returnUrl));
            return new Link(link.getUrl(), link.getExpiresAt());
        } catch (InvalidRequestException e) {
            if (e.getStatusCode() == NOT_FOUND) {
                // v2 says "not_found" whatever is missing; v1 refuses by name what isn't ours.
                var _ = client.v1().accounts().retrieve(accountId);
            }
            throw e;
        }
    }

    private static AccountLinkCreateParams linkTo(String accountId, String refreshUrl, String returnUrl) {
        return AccountLinkCreateParams.builder()
                .setAccount(accountId)
                .setUseCase(AccountLinkCreateParams.UseCase.builder()
                        .setType(AccountLinkCreateParams.UseCase.Type.ACCOUNT_ONBOARDING)
                        .setAccountOnboarding(AccountOnboarding.builder()
                                .addConfiguration(AccountOnboarding.Configuration.RECIPIENT)
                                .setRefreshUrl(refreshUrl)
                                .setReturnUrl(returnUrl)
                                .build())
                        .build())
                .build();
    }
}
