package dev.paymaster.credit.timer;

import dev.paymaster.credit.payment.Payments;
import dev.paymaster.credit.payment.ReviewCommands;
import dev.paymaster.messaging.outbox.Publisher;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Calls for reviews that nobody has called for: when an invoice is applied and its payment is linked at the same moment on
 * two partitions, neither sees the other. Each takes its turn, however many never come to an end. Thread-safe.
 */
public final class MissedReviews implements Runnable {
    /** A review that was called for is over by then; one too many does nothing. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(10);

    /** One burst of commands; the rest is for the next round. */
    private static final int MAX_REVIEWS = 1000;

    private final Payments payments;
    private final ReviewCommands commands;
    private final Publisher publisher;
    private final Clock clock;

    public MissedReviews(Payments payments, ReviewCommands commands, Publisher publisher, Clock clock) {
        this.payments = payments;
        this.commands = commands;
        this.publisher = publisher;
        this.clock = clock;
    }

    @Override
    public void run() {
        Instant now = clock.instant();
        publisher.publish(payments.callOpen(now.minus(UNDER_WAY), MAX_REVIEWS, now).stream()
                .map(open -> commands.of(open.purchase(), open.userId()))
                .toList());
    }
}
