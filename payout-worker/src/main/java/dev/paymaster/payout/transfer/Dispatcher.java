package dev.paymaster.payout.transfer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Claims due payouts, and accounts that payouts have waited for too long, and has each {@link Call} made on a virtual thread. It keeps nothing: if it dies anywhere in
 * between, the lease ends and some dispatcher uses the same key again.
 */
final class Dispatcher implements SmartLifecycle, DueSignal {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** The database is away: asking once a second is soon enough, and no burden. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    /** After a claim, tokens are what is short; so for a second the queue is looked at whenever one has come. */
    private static final long BUSY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A dispatcher that hasn't seen its queue for this long hangs: even a database that is frozen is given up before. */
    private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

    /**
     * What is in flight at a stop has this long to end: a call that Stripe answers. One that it doesn't is given up, and
     * what came of it is found by the same key, as after a kill; the consumers want to stop in time, too.
     */
    private static final Duration SHUTDOWN = Duration.ofSeconds(11);

    private final Claims claims;
    private final StripeGuard guard;
    private final Call call;
    private final AccountClaims accountClaims;
    private final AccountCall accountCall;
    private final DispatchSettings settings;
    private final BlockingQueue<Boolean> signals = new ArrayBlockingQueue<>(1);
    private @Nullable Running running;
    private volatile long claimedAtNanos = System.nanoTime();

    Dispatcher(
            Claims claims,
            StripeGuard guard,
            Call call,
            AccountClaims accountClaims,
            AccountCall accountCall,
            DispatchSettings settings) {
        this.claims = claims;
        this.guard = guard;
        this.call = call;
        this.accountClaims = accountClaims;
        this.accountCall = accountCall;
        this.settings = settings;
    }

    @Override
    public void payoutsAreDue() {
        // A signal that waits already says the same.
        var _ = signals.offer(true);
    }

    @Override
    public synchronized void start() {
        if (running == null) {
            running = new Running();
            running.loop.start();
        }
    }

    @Override
    public synchronized void stop() {
        if (running != null) {
            running.stop();
            running = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running != null;
    }

    /** Whether it has looked at the queue lately, or lets Stripe rest. */
    synchronized boolean isAlive() {
        return running != null
                && running.loop.isAlive()
                && (guard.capacity() == 0 || System.nanoTime() - claimedAtNanos < SILENCE_NANOS);
    }

    /** Started after the consumers and stopped before them, so that what is in flight can still be applied. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 50;
    }

    private final class Running {
        private final Thread loop = new Thread(this::run, "payout-dispatcher");
        private final ExecutorService callers = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("transfer-", 0).factory());
        private volatile boolean stopped;
        private long lastClaimNanos = System.nanoTime() - BUSY_NANOS;
        private long accountsAtNanos = System.nanoTime();

        private void run() {
            while (!stopped) {
                try {
                    Duration pause = round();
                    if (pause.isPositive()) {
                        signals.poll(pause.toNanos(), TimeUnit.NANOSECONDS);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }

        /** Claims what can be claimed now; returns how long to wait for the next round, if nobody signals. */
        private Duration round() {
            int capacity = guard.capacity();
            if (capacity == 0) {
                return settings.poll();
            }
            List<Claim> claimed;
            try {
                claimed = claims.take(capacity);
            } catch (RuntimeException e) {
                LOG.warn("no payouts could be claimed, trying again in {}: {}", AFTER_FAILURE, e.toString());
                return AFTER_FAILURE;
            }
            claimedAtNanos = System.nanoTime();
            claimed.forEach(claim -> begin(claim.order().key(), () -> call.carryOut(claim)));
            askForAccounts(capacity - claimed.size());
            if (claimed.size() == capacity) {
                return Duration.ZERO;
            }
            if (!claimed.isEmpty()) {
                lastClaimNanos = System.nanoTime();
            }
            boolean busy = System.nanoTime() - lastClaimNanos < BUSY_NANOS;
            Duration interval = settings.rateLimit().interval();
            return busy && interval.compareTo(settings.poll()) < 0 ? interval : settings.poll();
        }

        /** Accounts have time: now and then, with the places that payouts leave. */
        private void askForAccounts(int places) {
            long now = System.nanoTime();
            if (places == 0 || now - accountsAtNanos < settings.accountsPoll().toNanos()) {
                return;
            }
            accountsAtNanos = now;
            try {
                accountClaims
                        .take(places)
                        .forEach(claim -> begin(claim.accountId(), () -> accountCall.carryOut(claim)));
            } catch (RuntimeException e) {
                LOG.warn("no accounts could be claimed, trying again in {}: {}", settings.accountsPoll(), e.toString());
            }
        }

        private void begin(String what, Runnable claimed) {
            if (!guard.enter()) {
                LOG.warn("no place for {} though there was one; its lease will end", what);
                return;
            }
            callers.execute(() -> {
                try {
                    claimed.run();
                } finally {
                    guard.leave();
                    payoutsAreDue();
                }
            });
        }

        private void stop() {
            stopped = true;
            payoutsAreDue();
            try {
                long deadline = System.nanoTime() + SHUTDOWN.toNanos();
                // Not interrupted: what it is about to claim would be claimed by nobody.
                if (!loop.join(SHUTDOWN)) {
                    LOG.warn("the database does not answer; what was claimed waits for its lease to end");
                    loop.interrupt();
                }
                callers.shutdown();
                if (!callers.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    LOG.warn("calls to Stripe are still under way; their leases will end");
                    callers.shutdownNow();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                callers.shutdownNow();
            }
        }
    }
}
