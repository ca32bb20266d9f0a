package dev.paymaster.gateway.connect;

import dev.paymaster.events.payout.PayoutCommand.ApplyAccountStatus;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.http.PublicUrl;
import dev.paymaster.gateway.stripe.StripeCalls;
import dev.paymaster.gateway.users.Caller;
import dev.paymaster.gateway.users.Users;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Opens receivers' accounts at Stripe. A user has one account: it is made with an idempotency key of its own, and the
 * first one that is remembered stands. Whoever has disconnected it from the platform, or closed it, gets another one when they
 * begin again. Thread-safe.
 */
@Component
class Onboarding {
    private final Users users;
    private final ConnectedAccounts accounts;
    private final StripeAccounts stripe;
    private final AccountStatuses statuses;
    private final RefreshLinks refreshLinks;
    private final PublicUrl urls;
    private final Clock clock;

    Onboarding(
            Users users,
            ConnectedAccounts accounts,
            StripeAccounts stripe,
            AccountStatuses statuses,
            RefreshLinks refreshLinks,
            PublicUrl urls,
            Clock clock) {
        this.users = users;
        this.accounts = accounts;
        this.stripe = stripe;
        this.statuses = statuses;
        this.refreshLinks = refreshLinks;
        this.urls = urls;
        this.clock = clock;
    }

    /** Where the person enters details. */
    record Begun(String url, String accountId, Instant expiresAt) {}

    Mono<Begun> begin(Caller caller) {
        return accounts.find(caller.id())
                .switchIfEmpty(Mono.defer(() -> open(caller)))
                .flatMap(accountId -> link(caller.id(), accountId)
                        .onErrorResume(StripeCalls::saysMissing, _ -> beginAnew(caller, accountId)));
    }

    /** The same for somebody whose link has expired. */
    Mono<Begun> again(UUID userId) {
        return users.caller(userId)
                .switchIfEmpty(Mono.error(() -> Problem.notFound("account")))
                .flatMap(this::begin);
    }

    private Mono<Begun> beginAnew(Caller caller, String gone) {
        return stripe.createAfter(gone, caller)
                .flatMap(report -> remembered(
                        report,
                        Mono.defer(() -> accounts.replace(caller.id(), gone, report.accountId(), clock.instant()))))
                .flatMap(accountId -> link(caller.id(), accountId));
    }

    private Mono<String> open(Caller caller) {
        return stripe.create(caller)
                .flatMap(report -> remembered(
                        report, Mono.defer(() -> accounts.link(caller.id(), report.accountId(), clock.instant()))));
    }

    /**
     * Payout-worker is told first: of an account that it has never heard of, nobody would ask Stripe. What ends in the middle is
     * begun anew, and leads to the same account. If another one was remembered meanwhile, that one has the last word.
     */
    private Mono<String> remembered(ApplyAccountStatus report, Mono<String> remember) {
        return statuses.tell(report)
                .then(remember)
                .flatMap(kept -> kept.equals(report.accountId())
                        ? Mono.just(kept)
                        : statuses.ask(report.receiver(), kept).thenReturn(kept));
    }

    private Mono<Begun> link(UUID userId, String accountId) {
        return stripe.link(
                        accountId,
                        urls.of("/api/stripe/connect/refresh?token=" + refreshLinks.tokenFor(userId)),
                        urls.of("/onboarding-done.html"))
                .map(link -> new Begun(link.url(), accountId, link.expiresAt()));
    }
}
