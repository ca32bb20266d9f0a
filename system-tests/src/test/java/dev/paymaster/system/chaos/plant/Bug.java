package dev.paymaster.system.chaos.plant;

import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;

/** What is planted, and where: exactly one method of one class. Those that do least harm come first. */
public enum Bug {
    /** Stripe hears 200, and the gateway hopes. */
    ACKNOWLEDGES_BEFORE_KAFKA_HAS_IT("dev.paymaster.gateway.live.KafkaDoor", "publish", 1, Advices.AtOnce.class),

    /** A request that is sent again is another one, whatever its Idempotency-Key. */
    FORGETS_IDEMPOTENCY_KEYS("dev.paymaster.gateway.live.CommandIds", "of", 2, Advices.WithoutKey.class),

    /** What can't be applied is passed over. */
    SWALLOWS_A_FAILED_RECORD("dev.paymaster.messaging.PartitionProcessor", "bury", 3, Advices.Nothing.class),

    /** Of what Stripe has told, packs are forgotten. */
    FORGETS_WHAT_WAS_BOUGHT("dev.paymaster.credit.billing.BillingHandler", "bought", 1, Advices.Empty.class),

    /** Each call to Stripe has a key of its own. */
    A_FRESH_KEY_PER_CALL("dev.paymaster.payout.stripe.StripeTransfers", "withKey", 1, Advices.FreshKey.class),

    /** A partition moves on in a transaction of its own, before that of what its records did. */
    OFFSET_OUTSIDE_THE_TRANSACTION(
            "dev.paymaster.messaging.PartitionStore", "advance", 1, Advices.BesideTheTransaction.class),

    /** What has a smaller id than something that was published is taken as published. */
    OUTBOX_BEHIND_A_CURSOR("dev.paymaster.messaging.kafka.KafkaPublisher", "queue", 1, Advices.BeyondTheLast.class),

    /** Balances are read, and written back later, without keeping anybody out meanwhile. */
    READS_THEN_WRITES_BALANCES("dev.paymaster.ledger.sql.SetStatement", "<init>", 2, Advices.WithoutLocks.class);

    private final String type;
    private final String method;
    private final int arguments;
    private final Class<?> advice;

    Bug(String type, String method, int arguments, Class<?> advice) {
        this.type = type;
        this.method = method;
        this.arguments = arguments;
        this.advice = advice;
    }

    String type() {
        return type;
    }

    ElementMatcher<MethodDescription> method() {
        return ElementMatchers.<MethodDescription>hasMethodName(method).and(takesArguments(arguments));
    }

    Class<?> advice() {
        return advice;
    }
}
