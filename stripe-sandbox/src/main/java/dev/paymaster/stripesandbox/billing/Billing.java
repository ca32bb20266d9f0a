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
        PaymentMethods paymentMethods = new PaymentMethods(store, ids, clock, events);
        balance = new PlatformBalance(store, ids, clock, events, lists);
        prices = new Prices(store, ids, clock, events, lists, products);
        Charges charges = new Charges(store);
        Refunds refunds = new Refunds(tools, charges, balance);
        Disputes disputes = new Disputes(tools, charges, balance);
        Payments payments = new Payments(tools, balance, disputes);
        Invoices invoices = new Invoices(store, ids, clock, events, payments);
        Subscriptions subscriptions = new Subscriptions(store, ids, clock, events, invoices);
        TopUps topUps = new TopUps(store, paymentMethods, payments);
        checkout = new CheckoutSessions(store, events, customers, paymentMethods, subscriptions, topUps);
        CheckoutLines lines = new CheckoutLines(store, ids, prices);
        timeline = new Timeline(store, clock, subscriptions, checkout);
        portal = new BillingPortal(tools, customers, subscriptions);
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
                new InvoiceCalls(store, lists),
                new SubscriptionCalls(store, events, lists, subscriptions),
                new CheckoutCalls(tools, customers, lines, checkout));
        controls = List.of(new CheckoutControls(checkout), refunds, disputes);
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
