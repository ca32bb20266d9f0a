package dev.paymaster.credit.billing;

import dev.paymaster.credit.customer.Customers;
import dev.paymaster.credit.lookup.Lookups;
import dev.paymaster.credit.payment.Alarms;
import dev.paymaster.credit.payment.Payments;
import dev.paymaster.credit.payment.ReviewCommands;
import dev.paymaster.credit.statement.EntryEvents;
import dev.paymaster.ledger.Ledger;
import dev.paymaster.messaging.BatchHandler;
import dev.paymaster.messaging.DecisionTime;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.jdbc.core.JdbcOperations;

/** The door to this package. */
public final class Billing {
    private Billing() {}

    /** The handler of {@code stripe.events}, by what is sold. */
    public static BatchHandler<?> handler(
            Terms terms,
            JdbcOperations jdbc,
            Ledger ledger,
            EntryEvents events,
            ReviewCommands commands,
            Lookups lookups,
            MeterRegistry meters,
            DecisionTime time) {
        Alarms alarms = new Alarms(meters);
        return new BillingHandler(
                new BillingFacts(terms),
                new Customers(jdbc),
                new ParkedInvoices(jdbc),
                new Granting(new Invoices(jdbc), new TopUps(jdbc), ledger, events),
                new Reversing(new Payments(jdbc, alarms), commands),
                lookups,
                alarms,
                meters,
                time);
    }
}
