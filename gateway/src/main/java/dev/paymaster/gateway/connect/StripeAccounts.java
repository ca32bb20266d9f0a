package dev.paymaster.gateway.connect;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.Account;
import com.stripe.model.AccountLink;
import com.stripe.param.AccountCreateParams;
import com.stripe.param.AccountLinkCreateParams;
import dev.paymaster.events.payout.PayoutCommand.ApplyAccountStatus;
import dev.paymaster.gateway.stripe.StripeCalls;
import dev.paymaster.gateway.stripe.StripeKeys;
import dev.paymaster.gateway.users.Caller;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Connected accounts as Stripe's Accounts v1 has them, of type Express. Thread-safe. */
@Component
class StripeAccounts {
    private final StripeCalls stripe;
    private final StripeKeys keys;
    private final Clock clock;

    StripeAccounts(StripeCalls stripe, StripeKeys keys, Clock clock) {
        this.stripe = stripe;
        this.keys = keys;
        this.clock = clock;
    }

    /** A page of Stripe's on which a person enters details; it opens once, until it expires. */
    record Link(String url, Instant expiresAt) {}

    /** The user's account; the same one when it is asked for twice at once. */
    Mono<ApplyAccountStatus> create(Caller caller) {
        Instant asked = now();
        return stripe.call(client -> report(caller.id(), createAt(client, caller), asked));
    }

    /** What Stripe says of the user's account, as it is told to payout-worker. */
    Mono<ApplyAccountStatus> retrieve(UUID userId, String accountId) {
        Instant asked = now();
        return stripe.call(client -> report(userId, client.v1().accounts().retrieve(accountId), asked));
    }

    Mono<Link> link(String accountId, String refreshUrl, String returnUrl) {
        AccountLinkCreateParams parameters = AccountLinkCreateParams.builder()
                .setAccount(accountId)
                .setType(AccountLinkCreateParams.Type.ACCOUNT_ONBOARDING)
                .setRefreshUrl(refreshUrl)
                .setReturnUrl(returnUrl)
                .build();
        return stripe.call(client -> {
            AccountLink link = client.v1().accountLinks().create(parameters);
            return new Link(link.getUrl(), Instant.ofEpochSecond(link.getExpiresAt()));
        });
    }

    private Account createAt(StripeClient client, Caller caller) throws StripeException {
        UUID userId = caller.id();
        AccountCreateParams.Builder account = AccountCreateParams.builder()
                .setType(AccountCreateParams.Type.EXPRESS)
                .setCapabilities(AccountCreateParams.Capabilities.builder()
                        .setTransfers(AccountCreateParams.Capabilities.Transfers.builder()
                                .setRequested(true)
                                .build())
                        .build())
                .putMetadata("user_id", userId.toString());
        if (caller.email() != null) {
            account.setEmail(caller.email());
        }
        return client.v1().accounts().create(account.build(), keys.keyFor("account:" + userId));
    }

    /** The time before the call, in whole seconds like that of events: what is told of a later moment is newer. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private static ApplyAccountStatus report(UUID userId, Account account, Instant asOf) {
        return new ApplyAccountStatus(
                userId,
                account.getId(),
                Boolean.TRUE.equals(account.getDetailsSubmitted()),
                transfersOf(account),
                Boolean.TRUE.equals(account.getPayoutsEnabled()),
                requirementsOf(account),
                asOf);
    }

    private static @Nullable String transfersOf(Account account) {
        return account.getCapabilities() == null
                ? null
                : account.getCapabilities().getTransfers();
    }

    private static List<String> requirementsOf(Account account) {
        return account.getRequirements() == null || account.getRequirements().getCurrentlyDue() == null
                ? List.of()
                : List.copyOf(account.getRequirements().getCurrentlyDue());
    }
}
