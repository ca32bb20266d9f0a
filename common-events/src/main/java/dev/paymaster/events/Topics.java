package dev.paymaster.events;

import java.util.List;

/**
 * The names of all topics. A record's key decides its partition, and only records with one key keep their order.
 *
 * <p>Commands ask for something and may be refused; events say what has happened. A topic's dead letters are in the
 * topic of {@link #deadLetters(String)}.
 */
public final class Topics {
    /** Stripe's events, byte for byte as they were signed. Key: customer, else account, else object id. */
    public static final String STRIPE_EVENTS = "stripe.events";

    /** {@link dev.paymaster.events.job.JobCommand}s. Key: the sender's user id, so that one job's events keep order. */
    public static final String JOB_COMMANDS = "job.commands";

    /** {@link dev.paymaster.events.job.JobEvent}s. Key: job id (of a refused creation: the sender's user id). */
    public static final String JOB_EVENTS = "job.events";

    /** {@link dev.paymaster.events.credit.CreditCommand}s. Key: user id. */
    public static final String CREDIT_COMMANDS = "credit.commands";

    /** {@link dev.paymaster.events.credit.CreditEvent}s. Key: user id. */
    public static final String CREDIT_EVENTS = "credit.events";

    /** {@link dev.paymaster.events.payout.PayoutCommand}s. Key: the receiver's user id. */
    public static final String PAYOUT_COMMANDS = "payout.commands";

    /** {@link dev.paymaster.events.payout.PayoutEvent}s. Key: the receiver's user id. */
    public static final String PAYOUT_EVENTS = "payout.events";

    private static final String DEAD_LETTER_SUFFIX = ".dlt";

    private Topics() {}

    /** All topics but those of dead letters. */
    public static List<String> all() {
        return List.of(
                STRIPE_EVENTS,
                JOB_COMMANDS,
                JOB_EVENTS,
                CREDIT_COMMANDS,
                CREDIT_EVENTS,
                PAYOUT_COMMANDS,
                PAYOUT_EVENTS);
    }

    /** Where records of {@code topic} go that no worker could apply. */
    public static String deadLetters(String topic) {
        return topic + DEAD_LETTER_SUFFIX;
    }
}
