package dev.paymaster.gateway.reconcile;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How Paymaster catches up with Stripe, under {@code reconcile}.
 *
 * @param every how often, by one instance of all
 * @param pages of a hundred that one run reads of each list at most; the next run goes on from there
 * @param lookBack how much older than the newest known one something may be that is news only now; and how far back the
 *     first run of all goes
 */
@ConfigurationProperties("reconcile")
record ReconcileSettings(
        @DefaultValue("10m") Duration every,
        @DefaultValue("20") int pages,
        @DefaultValue("30d") Duration lookBack) {
    ReconcileSettings {
        if (!every.isPositive() || pages <= 0 || lookBack.isNegative()) {
            throw new IllegalStateException(
                    "reconcile.every and reconcile.pages are positive, and reconcile.look-back is not negative");
        }
    }
}
