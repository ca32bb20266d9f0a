package dev.paymaster.credit;

import dev.paymaster.credit.billing.Billing;
import dev.paymaster.credit.billing.Terms;
import dev.paymaster.credit.lookup.Lookups;
import dev.paymaster.credit.lookup.SearchRound;
import dev.paymaster.credit.lookup.StripeGuard;
import dev.paymaster.credit.lookup.StripeSearch;
import dev.paymaster.credit.payment.ReviewCommands;
import dev.paymaster.credit.statement.EntryEvents;
import dev.paymaster.credit.stripe.client.StripeApi;
import dev.paymaster.credit.timer.Timer;
import dev.paymaster.credit.timer.TimerSettings;
import dev.paymaster.ledger.Ledger;
import dev.paymaster.messaging.ConsumerHealth;
import dev.paymaster.messaging.DecisionTime;
import dev.paymaster.messaging.PartitionConsumer;
import dev.paymaster.messaging.PartitionConsumers;
import dev.paymaster.messaging.outbox.Publisher;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.common.circuitbreaker.configuration.CircuitBreakerConfigCustomizer;
import io.github.resilience4j.common.retry.configuration.RetryConfigCustomizer;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * What there is only with Stripe. Without it, events of an earlier time wait in their topic: read without the prices,
 * they would all look like somebody else's.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(StripeIsOn.class)
class StripeConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(StripeConfiguration.class);

    /** The name of resilience4j's instances, whose numbers are in credit-worker.yml. */
    private static final String LOOKUPS = "lookups";

    @Bean
    Terms terms(TariffSettings tiers, TopUpSettings topUps, StripeSettings stripe) {
        Terms terms = new Terms(tiers.tariff(stripe), topUps.byName(), stripe.isLive(), stripe.foreignCurrency());
        LOG.info(
                "Stripe is on, in {} mode; prices: {}; packs: {}",
                terms.live() ? "live" : "test",
                terms.tariff().plans(),
                terms.packs().values());
        return terms;
    }

    @Bean
    Lookups lookups(JdbcOperations jdbc, TimerSettings settings) {
        return new Lookups(jdbc, settings.lookupsAfter());
    }

    @Bean
    CircuitBreakerConfigCustomizer troubleWithStripe() {
        return CircuitBreakerConfigCustomizer.of(LOOKUPS, StripeGuard::judging);
    }

    @Bean
    @SuppressWarnings("unchecked") // the customizer's builder is a raw type
    RetryConfigCustomizer lostAnswers() {
        return RetryConfigCustomizer.of(LOOKUPS, StripeGuard::repeating);
    }

    @Bean
    StripeGuard stripeGuard(CircuitBreakerRegistry breakers, RateLimiterRegistry limiters, RetryRegistry retries) {
        return new StripeGuard(breakers.circuitBreaker(LOOKUPS), limiters.rateLimiter(LOOKUPS), retries.retry(LOOKUPS));
    }

    @Bean
    Timer stripeLookups(
            Lookups lookups,
            StripeGuard guard,
            StripeSettings stripe,
            Publisher publisher,
            MeterRegistry meters,
            DecisionTime time,
            TimerSettings settings) {
        StripeSearch search =
                new StripeApi(stripe.secretKey(), stripe.apiBase(), stripe.readTimeout(), stripe.isLive(), guard);
        return new Timer(
                "credit-lookups",
                settings.lookups(),
                meters,
                new SearchRound(lookups, search, guard, publisher, meters, time));
    }

    @Bean
    PartitionConsumer stripeEvents(
            PartitionConsumers consumers,
            Terms terms,
            JdbcOperations jdbc,
            Ledger ledger,
            EntryEvents events,
            ReviewCommands reviews,
            Lookups lookups,
            MeterRegistry meters,
            DecisionTime time) {
        return consumers.create(Billing.handler(terms, jdbc, ledger, events, reviews, lookups, meters, time));
    }

    @Bean
    HealthIndicator stripeEventsHealthIndicator(PartitionConsumer stripeEvents) {
        return new ConsumerHealth(stripeEvents);
    }
}
