package dev.paymaster.payout.transfer;

import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Publisher;
import dev.paymaster.payout.instrument.KnownInstruments;
import dev.paymaster.payout.recovery.Patience;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.common.circuitbreaker.configuration.CircuitBreakerConfigCustomizer;
import io.github.resilience4j.common.ratelimiter.configuration.RateLimiterConfigCustomizer;
import io.github.resilience4j.common.retry.configuration.RetryConfigCustomizer;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;

/** With a key of Stripe, payouts are made; without one, they are only recorded. */
@Configuration(proxyBeanMethods = false)
class TransferConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(TransferConfiguration.class);

    /** The name of resilience4j's instances, whose numbers are in payout-worker.yml. */
    private static final String STRIPE = "stripe";

    @Configuration(proxyBeanMethods = false)
    @WhenStripeIs(on = true)
    @EnableConfigurationProperties(DispatchSettings.class)
    static class On {
        @Bean
        CircuitBreakerConfigCustomizer troubleWithStripe() {
            return CircuitBreakerConfigCustomizer.of(STRIPE, StripeGuard::judging);
        }

        @Bean
        @SuppressWarnings("unchecked") // the customizer's builder is a raw type
        RetryConfigCustomizer lostAnswers() {
            return RetryConfigCustomizer.of(
                    STRIPE, retry -> retry.retryOnResult(StripeGuard::isLost).retryOnException(_ -> false));
        }

        /** All workers' limit is this one's too, should the bucket that they share ever let through more. */
        @Bean
        RateLimiterConfigCustomizer localLimit(DispatchSettings settings) {
            int perSecond = (int) Math.ceil(settings.rateLimit().perSecond())
                    + settings.rateLimit().burst();
            return RateLimiterConfigCustomizer.of(STRIPE, limiter -> limiter.limitForPeriod(perSecond));
        }

        @Bean
        StripeGuard stripeGuard(
                BulkheadRegistry bulkheads,
                CircuitBreakerRegistry breakers,
                RateLimiterRegistry limiters,
                RetryRegistry retries,
                Tokens tokens) {
            return new StripeGuard(
                    bulkheads.bulkhead(STRIPE),
                    breakers.circuitBreaker(STRIPE),
                    limiters.rateLimiter(STRIPE),
                    retries.retry(STRIPE),
                    tokens);
        }

        @Bean
        Tokens tokens(JdbcOperations jdbc, DispatchSettings settings) {
            return new SharedTokens(jdbc, settings.rateLimit());
        }

        @Bean
        Claims claims(JdbcOperations jdbc, DispatchSettings settings, Patience patience, Clock clock) {
            return new Claims(jdbc, settings, patience, clock);
        }

        @Bean
        Outcomes outcomes(EventWriter events, Publisher publisher, Clock clock) {
            return new Outcomes(events, publisher, clock);
        }

        @Bean
        Call call(StripeGuard guard, Transfers transfers, Outcomes outcomes, MeterRegistry meters, Clock clock) {
            return new Call(guard, transfers, outcomes, meters, clock);
        }

        @Bean
        AccountClaims accountClaims(JdbcOperations jdbc, DispatchSettings settings) {
            return new AccountClaims(jdbc, settings);
        }

        @Bean
        AccountCall accountCall(
                AccountClaims accountClaims,
                StripeGuard guard,
                ConnectedAccounts accounts,
                KnownInstruments instruments,
                EventWriter events,
                Publisher publisher) {
            return new AccountCall(accountClaims, guard, accounts, instruments, events, publisher);
        }

        @Bean
        Dispatcher dispatcher(
                Claims claims,
                StripeGuard guard,
                Call call,
                AccountClaims accountClaims,
                AccountCall accountCall,
                DispatchSettings settings) {
            return new Dispatcher(claims, guard, call, accountClaims, accountCall, settings);
        }

        @Bean
        HealthIndicator payoutDispatcherHealthIndicator(Dispatcher dispatcher) {
            return () -> (dispatcher.isAlive() ? Health.up() : Health.down()).build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @WhenStripeIs(on = false)
    static class Off {
        @Bean
        DueSignal nobodyDispatches() {
            LOG.info("STRIPE_SECRET_KEY is not set: payouts are recorded and stay due, and no transfer is made");
            return () -> LOG.debug("payouts are due, and Stripe is off");
        }
    }
}
