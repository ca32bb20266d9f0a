package dev.paymaster.stripesandbox;

import com.stripe.model.v2.core.Account;
import com.stripe.model.v2.core.AccountLink;
import com.stripe.param.v2.core.AccountCreateParams;
import com.stripe.param.v2.core.AccountCreateParams.Configuration.Recipient;
import com.stripe.param.v2.core.AccountLinkCreateParams;
import com.stripe.param.v2.core.AccountRetrieveParams;
import com.stripe.param.v2.core.AccountUpdateParams;
import com.stripe.service.v2.core.AccountService;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** The calls of Accounts v2. */
final class AccountsV2Calls {
    private AccountsV2Calls() {}

    static Map<String, Callable<Object>> of(Running running) throws Exception {
        AccountService accounts = running.stripe.v2().core().accounts();
        Account account = create(running);
        Map<String, Callable<Object>> calls = new TreeMap<>();
        calls.put("POST /v2/core/accounts", () -> create(running));
        calls.put("GET /v2/core/accounts", () -> accounts.list());
        calls.put("GET /v2/core/accounts/{id}", () -> retrieve(running, account.getId()));
        calls.put(
                "POST /v2/core/accounts/{id}",
                () -> accounts.update(
                        account.getId(),
                        AccountUpdateParams.builder().setDisplayName("Ada").build()));
        calls.put(
                "POST /v2/core/accounts/{id}/close",
                () -> accounts.close(create(running).getId()));
        calls.put("POST /v2/core/account_links", () -> link(running, account.getId()));
        return calls;
    }

    static Account create(Running running) throws Exception {
        return running.stripe
                .v2()
                .core()
                .accounts()
                .create(AccountCreateParams.builder()
                        .setContactEmail("ada@example.com")
                        .setDisplayName("Ada")
                        .setDashboard(AccountCreateParams.Dashboard.EXPRESS)
                        .putMetadata("user_id", "user-1")
                        .setIdentity(AccountCreateParams.Identity.builder()
                                .setCountry("us")
                                .build())
                        .setDefaults(AccountCreateParams.Defaults.builder()
                                .setResponsibilities(AccountCreateParams.Defaults.Responsibilities.builder()
                                        .setFeesCollector(
                                                AccountCreateParams.Defaults.Responsibilities.FeesCollector.APPLICATION)
                                        .setLossesCollector(
                                                AccountCreateParams.Defaults.Responsibilities.LossesCollector
                                                        .APPLICATION)
                                        .build())
                                .build())
                        .setConfiguration(AccountCreateParams.Configuration.builder()
                                .setRecipient(Recipient.builder()
                                        .setCapabilities(Recipient.Capabilities.builder()
                                                .setStripeBalance(Recipient.Capabilities.StripeBalance.builder()
                                                        .setStripeTransfers(
                                                                Recipient.Capabilities.StripeBalance.StripeTransfers
                                                                        .builder()
                                                                        .setRequested(true)
                                                                        .build())
                                                        .build())
                                                .build())
                                        .build())
                                .build())
                        .addInclude(AccountCreateParams.Include.CONFIGURATION__RECIPIENT)
                        .addInclude(AccountCreateParams.Include.REQUIREMENTS)
                        .addInclude(AccountCreateParams.Include.DEFAULTS)
                        .build());
    }

    static Account retrieve(Running running, String id) throws Exception {
        return running.stripe
                .v2()
                .core()
                .accounts()
                .retrieve(
                        id,
                        AccountRetrieveParams.builder()
                                .addInclude(AccountRetrieveParams.Include.CONFIGURATION__RECIPIENT)
                                .addInclude(AccountRetrieveParams.Include.REQUIREMENTS)
                                .build());
    }

    static AccountLink link(Running running, String account) throws Exception {
        return running.stripe
                .v2()
                .core()
                .accountLinks()
                .create(AccountLinkCreateParams.builder()
                        .setAccount(account)
                        .setUseCase(AccountLinkCreateParams.UseCase.builder()
                                .setType(AccountLinkCreateParams.UseCase.Type.ACCOUNT_ONBOARDING)
                                .setAccountOnboarding(AccountLinkCreateParams.UseCase.AccountOnboarding.builder()
                                        .addConfiguration(
                                                AccountLinkCreateParams.UseCase.AccountOnboarding.Configuration
                                                        .RECIPIENT)
                                        .setRefreshUrl("https://example.com/refresh")
                                        .setReturnUrl("https://example.com/return")
                                        .build())
                                .build())
                        .build());
    }
}
