package dev.paymaster.credit.timer;

import dev.paymaster.credit.payment.Payments;
import dev.paymaster.credit.payment.Payments.Open;
import dev.paymaster.credit.payment.ReviewCommands;
import dev.paymaster.messaging.DecisionTime;
import dev.paymaster.messaging.outbox.Publisher;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Calls for reviews that nobody has called for: when an invoice is applied and its payment is linked at the same moment on
 * two partitions, neither sees the other. Each takes its turn, however many never come to an end. For one thread.
 */
public final class MissedReviews implements Runnable {
    /** A review that was called for is over by then; one too many does nothing. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(10);

    /** Rounds look at what has changed lately: of what somebody else has sold, refunds stay open for good, and become many. */
    private static final Duration LATELY = Duration.ofDays(2);

    /** Once a day, all are looked at. */
    private static final Duration A_DAY = Duration.ofDays(1);

    /** One burst of commands; the rest is for the next round. */
    private static final int MAX_REVIEWS = 1000;

    private final Payments payments;
    private final ReviewCommands commands;
    private final Publisher publisher;
    private final DecisionTime time;
    private Instant nextFullRound = Instant.EPOCH;

    public MissedReviews(Payments payments, ReviewCommands commands, Publisher publisher, DecisionTime time) {
        this.payments = payments;
        this.commands = commands;
        this.publisher = publisher;
        this.time = time;
    }

    @Override
    public void run() {
        Instant now = time.now();
        boolean full = !now.isBefore(nextFullRound);
        Instant from = full ? Instant.EPOCH : now.minus(LATELY);
        List<Open> missed = payments.callOpen(from, now.minus(UNDER_WAY), MAX_REVIEWS, now);
        publisher.publish(missed.stream()
                .map(open -> commands.of(open.purchase(), open.userId()))
                .toList());
        if (full && missed.size() < MAX_REVIEWS) {
            nextFullRound = now.plus(A_DAY);
        }
    }
}
