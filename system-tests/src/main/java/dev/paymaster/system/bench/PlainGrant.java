package dev.paymaster.system.bench;

import dev.paymaster.credit.invoice.Claim;
import dev.paymaster.credit.invoice.InvoiceReader;
import dev.paymaster.credit.invoice.InvoiceReading.Entitles;
import dev.paymaster.credit.invoice.PaidInvoice;
import dev.paymaster.credit.invoice.Plan;
import dev.paymaster.credit.invoice.Tariff;
import dev.paymaster.credit.stripe.StripeEvent;
import dev.paymaster.credit.stripe.StripeEventReader;
import dev.paymaster.embedded.Database;
import dev.paymaster.events.Envelope;
import dev.paymaster.events.MessageTypes;
import dev.paymaster.events.credit.CreditEvent;
import dev.paymaster.ledger.Transfer;
import dev.paymaster.ledger.TransferKind;
import dev.paymaster.ledger.Transfers;
import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.Ids;
import dev.paymaster.messaging.outbox.Outgoing;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;

/** One of the reference's threads: reads an event, grants in one transaction, publishes. For one thread. */
final class PlainGrant implements AutoCloseable {
    private static final Tariff TARIFF = new Tariff(Map.of(PaidInvoices.PRICE, new Plan("starter", 50, false, null)));

    private final Ids ids = Ids.timeOrdered();
    private final PlainGrantTables tables;
    private final KafkaLog kafka;

    PlainGrant(Database database, KafkaLog kafka) {
        this.tables = new PlainGrantTables(database);
        this.kafka = kafka;
    }

    /** The same reading and the same event as ours. */
    void apply(byte[] body) throws SQLException {
        StripeEvent event = StripeEventReader.read(body);
        if (!(InvoiceReader.read(event.object(), TARIFF) instanceof Entitles(PaidInvoice invoice))
                || invoice.userId() == null) {
            throw new IllegalStateException("an event that grants nothing");
        }
        publish(event.id(), commit(event.id(), invoice, invoice.userId()));
    }

    private Transfer commit(String eventId, PaidInvoice invoice, UUID userId) throws SQLException {
        Claim claim = invoice.claims().getFirst();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        UUID lotId = ids.next();
        String ref = "invoice:" + invoice.id();
        tables.insertCustomer(String.valueOf(invoice.customerId()), userId, now);
        tables.insertInvoice(invoice, userId, eventId, claim, now);
        tables.insertEntitlement(claim);
        PlainGrantTables.Balance after = tables.addToAccount(userId, claim.credits());
        tables.insertLot(lotId, userId, ref, claim, after.sequence());
        Transfer transfer = new Transfer(
                userId,
                after.sequence(),
                TransferKind.GRANT,
                claim.credits(),
                lotId,
                null,
                ref,
                after.available(),
                after.held(),
                after.debt(),
                now);
        tables.insertTransfer(transfer);
        tables.commit();
        return transfer;
    }

    private void publish(String cause, Transfer transfer) {
        CreditEvent event = Transfers.toEvent(transfer);
        String user = transfer.userId().toString();
        Envelope envelope = new Envelope(
                ids.next().toString(),
                "/plain",
                MessageTypes.nameOf(event.getClass()),
                user,
                transfer.recordedAt(),
                cause,
                transfer.sequence(),
                false);
        kafka.send(Outgoing.of(PlainCredits.EVENTS, user, envelope, Codec.write(event)));
    }

    @Override
    public void close() {
        tables.close();
    }
}
