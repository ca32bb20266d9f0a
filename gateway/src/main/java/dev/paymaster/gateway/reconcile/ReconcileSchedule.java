package dev.paymaster.gateway.reconcile;

import dev.paymaster.gateway.stripe.StripeSettings;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Scheduled;
import reactor.core.publisher.Mono;

/** Catches up again and again, one instance of all; never while Stripe is off. */
@Configuration(proxyBeanMethods = false)
class ReconcileSchedule {
    private static final Logger LOG = LoggerFactory.getLogger(ReconcileSchedule.class);

    private final Reconciler reconciler;
    private final StripeSettings stripe;
    private final Duration rest;

    ReconcileSchedule(Reconciler reconciler, StripeSettings stripe, ReconcileSettings settings) {
        this.reconciler = reconciler;
        this.stripe = stripe;
        // Timers of one instance are not exact; half of it still keeps several instances from running one after the
        // other.
        this.rest = settings.every().dividedBy(2);
    }

    @Scheduled(initialDelayString = "${reconcile.first-after:1m}", fixedDelayString = "${reconcile.every:10m}")
    Mono<Void> run() {
        return stripe.isOn()
                ? reconciler.run(rest).doOnNext(ReconcileSchedule::tell).then().onErrorResume(failure -> {
                    LOG.warn("could not catch up with Stripe, trying again later: {}", failure.toString());
                    return Mono.empty();
                })
                : Mono.empty();
    }

    private static void tell(Reconciler.Report report) {
        report.lists().forEach((list, swept) -> {
            if (swept.published() > 0) {
                LOG.warn("caught up with Stripe: handed on {} of its {}", swept.published(), list.column());
            }
        });
    }
}
