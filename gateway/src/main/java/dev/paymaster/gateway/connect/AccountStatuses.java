package dev.paymaster.gateway.connect;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.paymaster.events.payout.PayoutCommand.ApplyAccountStatus;
import dev.paymaster.gateway.live.Channel;
import dev.paymaster.gateway.live.Commands;
import dev.paymaster.messaging.Ids;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Where a receiver's account stands. Stripe tells by events; when the last one is old, or the account isn't ready yet and
 * somebody looks, Stripe is asked, and what it says is told to payout-worker too: a lost event delays nobody's pay for
 * longer than until they look. Thread-safe.
 */
@Component
class AccountStatuses {
    private static final Logger LOG = LoggerFactory.getLogger(AccountStatuses.class);

    /** An active account is believed for this long. */
    private static final Duration FRESH = Duration.ofHours(1);

    /** A page that polls for a status asks Stripe no more often than this. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final int MAX_REMEMBERED = 10_000;

    private final ConnectedAccounts accounts;
    private final StripeAccounts stripe;
    private final Commands commands;
    private final Ids ids;
    private final Clock clock;
    private final Cache<String, Boolean> askedLately = Caffeine.newBuilder()
            .expireAfterWrite(PAUSE)
            .maximumSize(MAX_REMEMBERED)
            .build();

    AccountStatuses(ConnectedAccounts accounts, StripeAccounts stripe, Commands commands, Ids ids, Clock clock) {
        this.accounts = accounts;
        this.stripe = stripe;
        this.commands = commands;
        this.ids = ids;
        this.clock = clock;
    }

    Mono<AccountStatus> of(UUID userId) {
        return accounts.find(userId)
                .flatMap(accountId -> accounts.known(userId, accountId)
                        .flatMap(known -> isGoodEnough(known) ? Mono.just(known) : refreshed(userId, accountId, known))
                        .switchIfEmpty(Mono.defer(() -> ask(userId, accountId))))
                .switchIfEmpty(Mono.fromSupplier(AccountStatus::notConnected));
    }

    /** Tells payout-worker what Stripe has said. */
    Mono<Void> tell(ApplyAccountStatus report) {
        String receiver = report.receiver().toString();
        return commands.tell(ids.next().toString(), Channel.PAYOUT, receiver, report.accountId(), report);
    }

    private boolean isGoodEnough(AccountStatus known) {
        Instant asOf = known.asOf();
        return known.isActive() && asOf != null && asOf.isAfter(clock.instant().minus(FRESH));
    }

    /** What is known is better than no answer. */
    private Mono<AccountStatus> refreshed(UUID userId, String accountId, AccountStatus known) {
        if (askedLately.asMap().putIfAbsent(accountId, true) != null) {
            return Mono.just(known);
        }
        return ask(userId, accountId).onErrorResume(failure -> {
            LOG.warn("account {} could not be refreshed: {}", accountId, failure.toString());
            return Mono.just(known);
        });
    }

    /** Asks Stripe, and tells payout-worker. */
    Mono<AccountStatus> ask(UUID userId, String accountId) {
        return stripe.retrieve(userId, accountId).flatMap(report -> tell(report).thenReturn(AccountStatus.of(report)));
    }
}
