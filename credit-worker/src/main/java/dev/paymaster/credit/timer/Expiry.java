package dev.paymaster.credit.timer;

import dev.paymaster.events.Topics;
import dev.paymaster.events.credit.CreditCommand.ExpireLots;
import dev.paymaster.ledger.Ledger;
import dev.paymaster.messaging.Ids;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.messaging.outbox.Publisher;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Looks for lapsed lots and asks, per user, to take away what is left of them. For one thread. */
public final class Expiry implements Runnable {
    /** Rounds look at what has lapsed lately: lots that lapsed long ago are many, and nearly all are empty. */
    private static final Duration LATELY = Duration.ofDays(2);

    /** Once a day, all are looked at: a job may give credits back to a lot that lapsed while it held them. */
    private static final Duration A_DAY = Duration.ofDays(1);

    /** One burst of commands; the rest is for the next round. */
    private static final int MAX_USERS = 1000;

    private final Ledger ledger;
    private final EventWriter writer;
    private final Publisher publisher;
    private final Ids ids;
    private final Clock clock;
    private Instant nextFullRound = Instant.EPOCH;

    public Expiry(Ledger ledger, EventWriter writer, Publisher publisher, Ids ids, Clock clock) {
        this.ledger = ledger;
        this.writer = writer;
        this.publisher = publisher;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public void run() {
        Instant now = clock.instant();
        boolean full = !now.isBefore(nextFullRound);
        Instant from = full ? Instant.EPOCH : now.minus(LATELY);
        List<UUID> users = ledger.usersWithLapsedLots(from, now, MAX_USERS);
        publisher.publish(users.stream().map(this::command).toList());
        if (full && users.size() < MAX_USERS) {
            nextFullRound = now.plus(A_DAY);
        }
    }

    private Outgoing command(UUID userId) {
        String user = userId.toString();
        return writer.command(Topics.CREDIT_COMMANDS, user, ids.next().toString(), user, new ExpireLots(userId));
    }
}
