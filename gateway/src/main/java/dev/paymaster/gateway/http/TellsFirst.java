package dev.paymaster.gateway.http;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The first step of a stop: readiness is off already, and for a moment everything goes on, so that load balancers that ask
 * for it send nobody any more when the door closes.
 */
final class TellsFirst implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(TellsFirst.class);

    private final Duration moment;
    private volatile boolean running;

    TellsFirst(Duration moment) {
        this.moment = moment;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        if (!moment.isPositive()) {
            return;
        }
        LOG.info("not ready any more; new connections end in {}", moment);
        try {
            var _ = new CountDownLatch(1).await(moment.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** The last to start and the first to stop. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
