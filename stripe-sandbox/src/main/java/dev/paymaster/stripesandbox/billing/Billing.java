package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.Lists;
import dev.paymaster.stripesandbox.control.Control;
import dev.paymaster.stripesandbox.events.EventLog;
import dev.paymaster.stripesandbox.state.Ids;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Store;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/** Puts the billing side together; the door of this package. */
public final class Billing implements Endpoint.Group, Control.Group {
    private final PlatformBalance balance;
    private final Prices prices;
    private final CheckoutSessions checkout;
    private final Timeline timeline;
    private final BillingPortal portal;
    private final List<Endpoint.Group> groups;
    private final List<Control.Group> controls;

    /**
     * What every feature needs.
     *
     * @param pages where people reach the sandbox's pages
     */
    public record Tools(Store store, Ids ids, SandboxClock clock, EventLog events, Lists lists, URI pages) {}

    public Billing(Tools tools) {
        Store store = tools.store();
        Ids ids = tools.ids();
        SandboxClock clock = tools.clock();
        EventLog events = tools.events();
        Lists lists = tools.lists();
        Customers customers = new Customers(store, ids, clock, events, lists);
        Products products = new Products(store, ids, clock, events, lists);
        PaymentMethods paymentMethods = new PaymentMethods(store, ids, clock, events, lists);
        balance = new PlatformBalance(store, ids, clock, events, lists);
        prices = new Prices(store, ids, clock, events, lists, products);
        Charges charges = new Charges(store);
        Refunds refunds = new Refunds(tools, charges, balance);
        Disputes disputes = new Disputes(tools, charges, balance);
        Payments payments = new Payments(tools, balance, disputes);
        Discounts discounts = new Discounts(tools);
        InvoicePayments invoicePayments = new InvoicePayments(tools, payments);
        Invoices invoices = new Invoices(tools, discounts, invoicePayments);
        InvoiceLines lines = new InvoiceLines(store, ids);
        InvoiceItems items = new InvoiceItems(tools, customers, prices, lines, invoices);
        SubscriptionStates states = new SubscriptionStates(tools);
        Dunning dunning = new Dunning(tools, invoices, invoicePayments, states);
        SubscriptionBills bills = new SubscriptionBills(tools, lines, items, invoices, discounts, dunning);
        Subscriptions subscriptions = new Subscriptions(tools, discounts, bills, states);
        Prorations prorations = new Prorations(lines, discounts);
        SubscriptionChanges changes =
                new SubscriptionChanges(tools, prices, prorations, items, bills, states, subscriptions);
        SubscriptionEnds ends = new SubscriptionEnds(tools, prorations, items, lines, invoices, dunning, states);
        TopUps topUps = new TopUps(store, paymentMethods, payments);
        checkout = new CheckoutSessions(
                tools, new Buyers(store, customers), paymentMethods, subscriptions, topUps, dunning, discounts);
        timeline = new Timeline(store, clock, List.of(subscriptions, dunning, checkout));
        portal = new BillingPortal(tools, customers, subscriptions, changes);
        groups = List.of(
                portal,
                customers,
                products,
                prices,
                paymentMethods,
                balance,
                new PaymentCalls(store, lists),
                refunds,
                disputes,
                new Coupons(tools),
                new TestClocks(tools, timeline),
                items,
                new InvoiceCalls(store, lists),
                new InvoiceActions(tools, customers, paymentMethods, items, lines, invoices, dunning),
                new CreditNotes(tools, invoices, invoicePayments, dunning, charges, refunds),
                new SubscriptionCalls(tools, customers, paymentMethods, discounts, subscriptions, changes, ends),
                new CheckoutCalls(tools, customers, new CheckoutLines(store, ids, prices), discounts, checkout));
        controls = List.of(
                new CheckoutControls(checkout),
                new SubscriptionControls(store, customers, paymentMethods, changes),
                refunds,
                disputes);
    }

    @Override
    public List<Endpoint> endpoints() {
        return groups.stream().flatMap(group -> group.endpoints().stream()).collect(Collectors.toUnmodifiableList());
    }

    @Override
    public List<Control> controls() {
        return controls.stream().flatMap(group -> group.controls().stream()).collect(Collectors.toUnmodifiableList());
    }

    public PlatformBalance balance() {
        return balance;
    }

    public Prices prices() {
        return prices;
    }

    public CheckoutSessions checkout() {
        return checkout;
    }

    public BillingPortal portal() {
        return portal;
    }

    public Timeline timeline() {
        return timeline;
    }
}
