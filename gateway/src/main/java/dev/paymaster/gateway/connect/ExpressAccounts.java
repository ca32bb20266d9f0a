package dev.paymaster.gateway.connect;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.Account;
import com.stripe.model.AccountLink;
import com.stripe.net.RequestOptions;
import com.stripe.param.AccountCreateParams;
import com.stripe.param.AccountLinkCreateParams;
import dev.paymaster.gateway.users.Caller;
import java.time.Instant;

/** Accounts v1, of type Express. */
final class ExpressAccounts implements AccountOpening {
    @Override
    public Account create(StripeClient client, Caller caller, RequestOptions options) throws StripeException {
        AccountCreateParams.Builder account = AccountCreateParams.builder()
                .setType(AccountCreateParams.Type.EXPRESS)
                .setCapabilities(AccountCreateParams.Capabilities.builder()
                        .setTransfers(AccountCreateParams.Capabilities.Transfers.builder()
                                .setRequested(true)
                                .build())
                        .build())
                .putMetadata(USER_ID, caller.id().toString());
        if (caller.email() != null) {
            account.setEmail(caller.email());
        }
        return client.v1().accounts().create(account.build(), options);
    }

    @Override
    public Link link(StripeClient client, String accountId, String refreshUrl, String returnUrl)
            throws StripeException {
        AccountLink link = client.v1()
                .accountLinks()
                .create(AccountLinkCreateParams.builder()
                        .setAccount(accountId)
                        .setType(AccountLinkCreateParams.Type.ACCOUNT_ONBOARDING)
                        .setRefreshUrl(refreshUrl)
                        .setReturnUrl(returnUrl)
                        .build());
        return new Link(link.getUrl(), Instant.ofEpochSecond(link.getExpiresAt()));
    }
}
