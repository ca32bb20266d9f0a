package dev.paymaster.credit.billing;

import static java.util.Objects.requireNonNull;

import dev.paymaster.credit.billing.BillingFact.CheckoutCompleted;
import dev.paymaster.credit.billing.BillingFact.CustomerOwned;
import dev.paymaster.credit.billing.BillingFact.InvoiceCut;
import dev.paymaster.credit.billing.BillingFact.InvoicePaid;
import dev.paymaster.credit.billing.BillingFact.PassedOver;
import dev.paymaster.credit.billing.BillingFact.PaymentTold;
import dev.paymaster.credit.billing.BillingFact.TopUpPaid;
import dev.paymaster.credit.billing.ParkedInvoices.Parked;
import dev.paymaster.credit.customer.CustomerLink;
import dev.paymaster.credit.customer.Customers;
import dev.paymaster.credit.invoice.PaidInvoice;
import dev.paymaster.credit.lookup.Lookup;
import dev.paymaster.credit.lookup.Lookups;
import dev.paymaster.credit.payment.Alarms;
import dev.paymaster.credit.topup.PaidTopUp;
import dev.paymaster.events.Topics;
import dev.paymaster.messaging.AfterCommit;
import dev.paymaster.messaging.BatchHandler;
import dev.paymaster.messaging.DecisionTime;
import dev.paymaster.messaging.Inbound;
import dev.paymaster.messaging.Message;
import dev.paymaster.messaging.UnreadableRecordException;
import dev.paymaster.messaging.outbox.Outbox;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies {@code stripe.events}. Within a batch, all links of customers come before all invoices, so that the order in
 * which Stripe's events arrive doesn't matter.
 */
final class BillingHandler implements BatchHandler<BillingFact> {
    private static final Logger LOG = LoggerFactory.getLogger(BillingHandler.class);

    private final BillingFacts facts;
    private final Customers customers;
    private final ParkedInvoices parked;
    private final Granting granting;
    private final Reversing reversing;
    private final Lookups lookups;
    private final Alarms alarms;
    private final MeterRegistry meters;
    private final DecisionTime time;

    BillingHandler(
            BillingFacts facts,
            Customers customers,
            ParkedInvoices parked,
            Granting granting,
            Reversing reversing,
            Lookups lookups,
            Alarms alarms,
            MeterRegistry meters,
            DecisionTime time) {
        this.facts = facts;
        this.customers = customers;
        this.parked = parked;
        this.granting = granting;
        this.reversing = reversing;
        this.lookups = lookups;
        this.alarms = alarms;
        this.meters = meters;
        this.time = time;
    }

    @Override
    public String consumer() {
        return "credit-worker.billing";
    }

    @Override
    public Set<String> topics() {
        return Set.of(Topics.STRIPE_EVENTS);
    }

    @Override
    public @Nullable BillingFact decode(Inbound record) {
        try {
            return facts.in(record.value());
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecordException(requireNonNull(e.getMessage()), e);
        }
    }

    @Override
    public void handle(List<Message<BillingFact>> batch, Outbox outbox) {
        Instant now = time.now();
        Set<String> news = reversing.record(batch, now);
        List<CustomerLink> found = new ArrayList<>();
        Map<String, Message<?>> linkedBy = new HashMap<>();
        Map<String, Message<?>> namedBy = new HashMap<>();
        for (Message<BillingFact> message : batch) {
            String customerId = customerOf(message.body());
            if (customerId != null) {
                namedBy.putIfAbsent(customerId, message);
            }
            CustomerLink link = linkIn(message.body());
            if (link != null) {
                found.add(link);
                linkedBy.putIfAbsent(link.customerId(), message);
            }
        }
        Customers.Links links = customers.link(namedBy.keySet(), found, now);
        namedBy.putAll(linkedBy);
        List<Due> due = unpark(links, namedBy);
        due.addAll(dueOrParked(batch, links, now));
        Granting.Outcome granted = granting.apply(due, bought(batch), outbox, now);
        reversing.callForReviews(batch, granted, outbox);
        lookups.ask(missing(batch, links), now);
        lookups.askAnew(unlinked(batch, news), now);
        countPassedOver(batch);
        alarmOfOtherUsers(batch, links);
    }

    private void alarmOfOtherUsers(List<Message<BillingFact>> batch, Customers.Links links) {
        for (Message<BillingFact> message : batch) {
            if (message.body() instanceof CustomerOwned(CustomerLink(String customerId, UUID named))) {
                UUID userId = requireNonNull(links.userOf(customerId), "linked in this batch, or before");
                if (!userId.equals(named)) {
                    alarms.customerOfAnother(customerId, userId, named);
                }
            }
        }
    }

    /** What nothing in this batch, and nothing before it, has said. */
    private static Set<Lookup> missing(List<Message<BillingFact>> batch, Customers.Links links) {
        Set<Lookup> missing = new HashSet<>();
        for (Message<BillingFact> message : batch) {
            if (message.body() instanceof InvoiceCut(String invoiceId)) {
                missing.add(new Lookup(Lookup.Kind.INVOICE, invoiceId));
            } else if (message.body() instanceof InvoicePaid(PaidInvoice invoice)
                    && invoice.userId() == null
                    && invoice.customerId() != null
                    && links.userOf(invoice.customerId()) == null) {
                missing.add(new Lookup(Lookup.Kind.CUSTOMER, invoice.customerId()));
            }
        }
        return missing;
    }

    /** The payments that came back, and that nobody can place. What was only told again is asked for already. */
    private Set<Lookup> unlinked(List<Message<BillingFact>> batch, Set<String> news) {
        return reversing.unlinked(batch).stream()
                .filter(news::contains)
                .map(id -> new Lookup(Lookup.Kind.PAYMENT, id))
                .collect(Collectors.toSet());
    }

    private static List<DueTopUp> bought(List<Message<BillingFact>> batch) {
        List<DueTopUp> bought = new ArrayList<>();
        for (Message<BillingFact> message : batch) {
            if (message.body() instanceof TopUpPaid(PaidTopUp topUp)) {
                bought.add(new DueTopUp(topUp, message));
            }
        }
        return bought;
    }

    /** After the commit: a batch that is rolled back comes again. */
    private void countPassedOver(List<Message<BillingFact>> batch) {
        for (Message<BillingFact> message : batch) {
            if (message.body() instanceof PassedOver(String reason)) {
                AfterCommit.run(meters.counter("paymaster.billing.ignored", "reason", reason)::increment);
            }
        }
    }

    /** The invoices whose users are known; the others are parked. */
    private List<Due> dueOrParked(List<Message<BillingFact>> batch, Customers.Links links, Instant now) {
        List<Due> due = new ArrayList<>();
        List<Parked> waiting = new ArrayList<>();
        for (Message<BillingFact> message : batch) {
            if (message.body() instanceof InvoicePaid(PaidInvoice invoice)) {
                UUID userId = invoice.userId() != null ? invoice.userId() : links.userOf(invoice.customerId());
                if (userId != null) {
                    due.add(new Due(invoice, userId, message));
                } else {
                    String customerId = requireNonNull(invoice.customerId(), "an invoice names a customer or a user");
                    waiting.add(new Parked(invoice.id(), customerId, message.payload(), now));
                }
            }
        }
        parked.park(waiting);
        return due;
    }

    /**
     * The parked invoices of customers whose users are known, by today's settings. One that these don't entitle to anything stays
     * parked, until they do and something is told of its customer again.
     */
    private List<Due> unpark(Customers.Links links, Map<String, Message<?>> causes) {
        List<Due> due = new ArrayList<>();
        List<Parked> left = new ArrayList<>();
        for (Parked freed : parked.take(links.known())) {
            PaidInvoice invoice = read(freed);
            if (invoice == null) {
                left.add(freed);
            } else {
                String customerId = freed.customerId();
                due.add(new Due(
                        invoice,
                        requireNonNull(links.userOf(customerId), "a known customer"),
                        requireNonNull(causes.get(customerId), "named in this batch")));
            }
        }
        parked.park(left);
        return due;
    }

    private @Nullable PaidInvoice read(Parked freed) {
        String why = "none of its prices is in the settings any more";
        try {
            if (facts.in(freed.event()) instanceof InvoicePaid(PaidInvoice invoice)) {
                return invoice;
            }
        } catch (IllegalArgumentException e) {
            why = String.valueOf(e.getMessage());
        }
        LOG.error(
                "invoice {} of customer {}, whose user is known, stays parked: {}",
                freed.invoiceId(),
                freed.customerId(),
                why);
        return null;
    }

    private static @Nullable String customerOf(BillingFact fact) {
        return switch (fact) {
            case InvoicePaid paid -> paid.invoice().customerId();
            case CheckoutCompleted checkout -> checkout.link().customerId();
            case CustomerOwned owned -> owned.link().customerId();
            case TopUpPaid paid -> paid.topUp().customerId();
            case PaymentTold _, InvoiceCut _, PassedOver _ -> null;
        };
    }

    private static @Nullable CustomerLink linkIn(BillingFact fact) {
        return switch (fact) {
            case InvoicePaid paid -> {
                String customerId = paid.invoice().customerId();
                UUID userId = paid.invoice().userId();
                yield customerId == null || userId == null ? null : new CustomerLink(customerId, userId);
            }
            case TopUpPaid paid -> {
                String customerId = paid.topUp().customerId();
                yield customerId == null
                        ? null
                        : new CustomerLink(customerId, paid.topUp().userId());
            }
            case CheckoutCompleted checkout -> checkout.link();
            case CustomerOwned owned -> owned.link();
            case PaymentTold _, InvoiceCut _, PassedOver _ -> null;
        };
    }
}
