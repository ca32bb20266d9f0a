package dev.paymaster.gateway.connect;

import com.stripe.model.Account;
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
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Connected accounts at Stripe. Thread-safe. */
@Component
@EnableConfigurationProperties(ConnectSettings.class)
class StripeAccounts {
    private final StripeCalls stripe;
    private final StripeKeys keys;
    private final AccountOpening opening;
    private final ConnectSettings.Api api;
    private final Clock clock;

    StripeAccounts(StripeCalls stripe, StripeKeys keys, ConnectSettings settings, Clock clock) {
        this.stripe = stripe;
        this.keys = keys;
        this.opening = settings.opening();
        this.api = settings.api();
        this.clock = clock;
    }

    /** The user's account; the same one when it is asked for twice at once. */
    Mono<ApplyAccountStatus> create(Caller caller) {
        return create(caller, "account:" + api + ":" + caller.id());
    }

    /** The user's next account, after one that is gone; the same one when it is asked for twice. */
    Mono<ApplyAccountStatus> createAfter(String gone, Caller caller) {
        return create(caller, "account:" + api + ":" + caller.id() + ":after:" + gone);
    }

    private Mono<ApplyAccountStatus> create(Caller caller, String key) {
        Instant asked = now();
        return stripe.call(client -> report(caller.id(), opening.create(client, caller, keys.keyFor(key)), asked));
    }

    /** What Stripe says of the user's account, as it is told to payout-worker; one that is gone can't be paid. */
    Mono<ApplyAccountStatus> retrieve(UUID userId, String accountId) {
        Instant asked = now();
        return stripe.call(client -> report(userId, client.v1().accounts().retrieve(accountId), asked))
                .onErrorResume(
                        StripeCalls::saysMissing,
                        _ -> Mono.just(
                                new ApplyAccountStatus(userId, accountId, true, "inactive", false, List.of(), asked)));
    }

    Mono<AccountOpening.Link> link(String accountId, String refreshUrl, String returnUrl) {
        return stripe.call(client -> opening.link(client, accountId, refreshUrl, returnUrl));
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
