package dev.paymaster.gateway.connect;

import dev.paymaster.events.payout.PayoutCommand.ApplyAccountStatus;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.http.PublicUrl;
import dev.paymaster.gateway.stripe.StripeCalls;
import dev.paymaster.gateway.users.Caller;
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
    private final ConnectedAccounts accounts;
    private final StripeAccounts stripe;
    private final AccountStatuses statuses;
    private final RefreshLinks refreshLinks;
    private final PublicUrl urls;
    private final Clock clock;

    Onboarding(
            ConnectedAccounts accounts,
            StripeAccounts stripe,
            AccountStatuses statuses,
            RefreshLinks refreshLinks,
            PublicUrl urls,
            Clock clock) {
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

    private Mono<Begun> beginAnew(Caller caller, String gone) {
        return stripe.createAfter(gone, caller)
                .flatMap(report -> accounts.replace(caller.id(), gone, report.accountId(), clock.instant())
                        .flatMap(kept -> told(report, kept)))
                .flatMap(accountId -> link(caller.id(), accountId));
    }

    /** A new link for somebody whose link has expired. */
    Mono<Begun> again(UUID userId) {
        return accounts.find(userId)
                .switchIfEmpty(Mono.error(() -> Problem.notFound("account")))
                .flatMap(accountId -> link(userId, accountId));
    }

    /** Should this end in the middle, a status read tells payout-worker of the account. */
    private Mono<String> open(Caller caller) {
        return stripe.create(caller)
                .flatMap(report -> accounts.link(caller.id(), report.accountId(), clock.instant())
                        .flatMap(kept -> told(report, kept)));
    }

    private Mono<String> told(ApplyAccountStatus report, String kept) {
        return kept.equals(report.accountId()) ? statuses.tell(report).thenReturn(kept) : Mono.just(kept);
    }

    private Mono<Begun> link(UUID userId, String accountId) {
        return stripe.link(
                        accountId,
                        urls.of("/api/stripe/connect/refresh?token=" + refreshLinks.tokenFor(userId)),
                        urls.of("/onboarding-done.html"))
                .map(link -> new Begun(link.url(), accountId, link.expiresAt()));
    }
}
