package dev.paymaster.system.life;

import static dev.paymaster.system.world.Eventually.eventually;
import static java.util.Objects.requireNonNull;

import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.StripeControl;
import dev.paymaster.system.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Somebody who pays, and what is at Stripe of them. What they do is done when a method returns. For one thread at a time. */
final class Customer {
    /** The number of a card that always pays. */
    static final String PAYS = "4242424242424242";

    static final String BY_BANK = "{\"payment_method\": \"us_bank_account\"}";

    private final World world;
    private final StripeControl stripe;
    private final Person person;
    private final List<String> sessions = new ArrayList<>();
    private final List<String> refunds = new ArrayList<>();
    private final List<String> disputes = new ArrayList<>();
    private final List<String> jobs = new ArrayList<>();
    private int done;
    private @Nullable String id;
    private @Nullable Person receiver;
    private String account = "";
    private String testClock = "";

    Customer(World world, Person person) {
        this.world = world;
        this.stripe = world.stripe();
        this.person = person;
    }

    /** Somebody who does their jobs, and can be paid. */
    void meetReceiver() {
        receiver = world.newPerson("Robin");
        account = world.onboard(receiver);
    }

    Person person() {
        return person;
    }

    /** The customer at Stripe; empty while there is none. */
    String id() {
        return id == null ? "" : id;
    }

    /** By Checkout, from here. */
    void subscribe(String tier) {
        completed(world.subscribe(person, tier));
    }

    /** By Checkout, with a bank debit, of which the bank's answer comes later. */
    void subscribeByBank(String tier) {
        String session = person.api()
                .post("/api/stripe/checkout", "{\"tier\": \"" + tier + "\"}")
                .expect(200)
                .text("/session_id");
        complete(session, BY_BANK);
    }

    /** At Stripe, by whoever does it there: {@code form} has what the call takes besides the customer. */
    void subscribeAtStripe(String form) {
        appearAtStripe();
        card(PAYS);
        String whose = "&metadata[user_id]=" + person.id();
        stripe.call("/v1/subscriptions", "customer=" + id() + whose + "&" + form);
    }

    void subscribeWithCoupon(String form, int percent) {
        subscribeWithCoupon(form, percent, "once");
    }

    /** With one that goes on for ever. */
    void subscribeUnderACoupon(String form, int percent) {
        subscribeWithCoupon(form, percent, "forever");
    }

    private void subscribeWithCoupon(String form, int percent, String duration) {
        String coupon = stripe.call("/v1/coupons", "duration=" + duration + "&percent_off=" + percent)
                .path("id")
                .stringValue();
        subscribeAtStripe(form + "&discounts[0][coupon]=" + coupon);
    }

    /** At Stripe, where nothing says whose it is. */
    void subscribeUnknown(String form) {
        appearAtStripe("description=nobody");
        card(PAYS);
        stripe.call("/v1/subscriptions", "customer=" + id() + "&" + form);
    }

    /** With metadata that say whose it is. */
    void appearAtStripe() {
        appearAtStripe("metadata[user_id]=" + person.id());
    }

    /** With a test clock of their own, which stands at Stripe's time. */
    void appearOnATestClock() {
        String now = stripe.fetch("/_sandbox/health").path("now").toString();
        testClock = stripe.call("/v1/test_helpers/test_clocks", "frozen_time=" + now)
                .path("id")
                .stringValue();
        appearAtStripe("metadata[user_id]=" + person.id() + "&test_clock=" + testClock);
    }

    String testClock() {
        return testClock;
    }

    /** Returns when all that falls due in that time has. */
    void moveTestClock(Duration time) {
        String path = "/v1/test_helpers/test_clocks/" + testClock;
        long to = stripe.fetch(path).path("frozen_time").longValue() + time.toSeconds();
        stripe.call(path + "/advance", "frozen_time=" + to);
        eventually("the test clock is ready")
                .until(() -> stripe.fetch(path).path("status").asString("").equals("ready"));
    }

    private void appearAtStripe(String form) {
        if (id == null) {
            id = stripe.call("/v1/customers", form).path("id").stringValue();
        }
    }

    /** Whose the customer is gets known. */
    void becomeKnown() {
        stripe.call("/v1/customers/" + id(), "metadata[user_id]=" + person.id());
    }

    void buy(String pack, String means) {
        String session = person.api()
                .post("/api/stripe/topups", "{\"pack\": \"" + pack + "\"}")
                .expect(200)
                .text("/session_id");
        complete(session, means);
    }

    private void complete(String session, String means) {
        stripe.control("checkout/sessions/" + session + "/complete", means);
        completed(session);
    }

    /** Somebody puts money on the customer's balance. */
    void fillBalance(long cents) {
        stripe.call("/v1/customers/" + id(), "balance=" + -cents);
    }

    /** How a slow payment of the last checkout ends. */
    void settle(String outcome) {
        stripe.control("checkout/sessions/" + sessions.getLast() + "/settle", "{\"outcome\": \"" + outcome + "\"}");
    }

    void card(String number) {
        stripe.control("customers/" + id() + "/card", "{\"card\": \"" + number + "\"}");
    }

    /** In the portal: {@code now} or {@code period_end}. */
    void change(String price, String when) {
        stripe.control(
                "subscriptions/" + subscription() + "/change",
                "{\"price\": \"" + price + "\", \"when\": \"" + when + "\"}");
    }

    /** A change of the subscription's only item that is billed as {@code proration_behavior} says. */
    void reprice(String price, String prorationBehavior) {
        String item = stripe.fetch("/v1/subscriptions/" + subscription())
                .at("/items/data/0/id")
                .stringValue();
        update("items[0][id]=" + item + "&items[0][price]=" + price + "&proration_behavior=" + prorationBehavior);
    }

    /** There and back at one moment, a day after the period has begun; what that costs waits for the next invoice. */
    void passThrough(String price, String back) {
        JsonNode item = stripe.fetch("/v1/subscriptions/" + subscription()).at("/items/data/0");
        long at = item.path("current_period_start").longValue() + 86_400;
        for (String each : List.of(price, back)) {
            update("items[0][id]=" + item.path("id").stringValue() + "&items[0][price]=" + each
                    + "&proration_behavior=create_prorations&proration_date=" + at);
        }
    }

    void update(String form) {
        stripe.call("/v1/subscriptions/" + subscription(), form);
    }

    void cancel() {
        stripe.delete("/v1/subscriptions/" + subscription());
    }

    /** Stripe owes them from now on what they haven't used of the period. */
    void cancelForTheRest() {
        stripe.delete("/v1/subscriptions/" + subscription() + "?prorate=true&invoice_now=true");
    }

    /** Ends whatever would go on as time passes. */
    void endSubscriptions() {
        if (id != null) {
            stripe.fetch("/v1/subscriptions?limit=100&customer=" + id)
                    .path("data")
                    .forEach(each ->
                            stripe.delete("/v1/subscriptions/" + each.path("id").stringValue()));
        }
    }

    /** Does something with an invoice: {@code pay}, {@code void}, {@code mark_uncollectible}. */
    void invoice(int number, String action, String form) {
        stripe.call("/v1/invoices/" + invoices().get(number).path("id").stringValue() + "/" + action, form);
    }

    void addToNextBill(long cents) {
        stripe.call("/v1/invoiceitems", "customer=" + id() + "&currency=usd&amount=" + cents);
    }

    /** A bill that somebody writes by hand, with all that waits for one, paid at once. */
    void billByHand(long cents) {
        card(PAYS);
        addToNextBill(cents);
        String invoice = stripe.call("/v1/invoices", "customer=" + id() + "&pending_invoice_items_behavior=include")
                .path("id")
                .stringValue();
        stripe.call("/v1/invoices/" + invoice + "/pay", "");
    }

    void refund(String payment, long cents) {
        refunds.add(stripe.refund(payment, cents));
    }

    void failRefund(int number) {
        stripe.failRefund(refunds.get(number));
    }

    void dispute(String payment, boolean inquiry) {
        disputes.add(
                stripe.control("disputes", "{\"payment_intent\": \"" + payment + "\", \"inquiry\": " + inquiry + "}")
                        .path("id")
                        .stringValue());
    }

    void escalateDispute() {
        stripe.control("disputes/" + disputes.getLast() + "/escalate", "{}");
    }

    void closeDispute(String outcome) {
        stripe.closeDispute(disputes.getLast(), outcome);
    }

    /** @param way where it goes: {@code refund_amount}, {@code credit_amount} or {@code out_of_band_amount}; else {@code amount} */
    void creditNote(int invoice, String way, long cents) {
        String of = invoices().get(invoice).path("id").stringValue();
        String amount = way.equals("amount") ? "" : "&amount=" + cents;
        stripe.call("/v1/credit_notes", "invoice=" + of + amount + "&" + way + "=" + cents);
    }

    /** The newest one. */
    void voidCreditNote() {
        String note = stripe.fetch("/v1/credit_notes?limit=1&customer=" + id())
                .at("/data/0/id")
                .stringValue();
        stripe.call("/v1/credit_notes/" + note + "/void", "");
    }

    /** Is to be told whenever there are fewer credits than so many. */
    void wantToBeToldBelow(long credits) {
        person.api()
                .put("/api/credits/threshold", "{\"credits\": " + credits + "}")
                .expect(200);
    }

    /** How often that was told. */
    int timesTold() {
        return world.lowBalances(person).size();
    }

    void createJob() {
        jobs.add(person.createJob());
    }

    /** Those that were created and are not done yet. */
    void haveJobsDone() {
        Person worker = requireNonNull(receiver, "nobody does jobs");
        for (String job : jobs.subList(done, jobs.size())) {
            worker.accept(job).expect(200);
            worker.submit(job).expect(200);
            person.verify(job, true).expect(200);
        }
        done = jobs.size();
    }

    void takePayoutsBack() {
        requireNonNull(receiver)
                .api()
                .get("/api/payouts")
                .expect(200)
                .json()
                .path("data")
                .valueStream()
                .filter(payout -> payout.path("status").stringValue().equals("paid"))
                .forEach(payout -> world.admin()
                        .post(
                                "/api/payouts/" + payout.path("id").stringValue() + "/reverse",
                                "{\"reason\": \"for a test\"}")
                        .expect(200));
    }

    /** The payouts for their jobs, by status and reason. */
    Map<String, Integer> payouts() {
        return receiver == null ? Map.of() : receiver.payouts();
    }

    /** In cents: what was transferred for their jobs, without what was taken back. */
    long paidOut() {
        return receiver == null ? 0 : stripe.stands(account);
    }

    /** The jobs that were created, oldest first. */
    List<String> jobs() {
        return List.copyOf(jobs);
    }

    /** What was billed, oldest first. */
    List<JsonNode> invoices() {
        return invoices(100);
    }

    /** The last that were billed, oldest first. */
    List<JsonNode> invoices(int count) {
        List<JsonNode> newestFirst = new ArrayList<>();
        stripe.fetch("/v1/invoices?limit=" + count + "&customer=" + id())
                .path("data")
                .forEach(newestFirst::add);
        return newestFirst.reversed();
    }

    /** The payment of an invoice, by its number from 0. */
    String paymentOfInvoice(int number) {
        return stripe.paymentOf(invoices().get(number).path("id").stringValue());
    }

    String paymentOfPack() {
        return session().path("payment_intent").stringValue();
    }

    /** The last checkout. */
    JsonNode session() {
        return stripe.fetch("/v1/checkout/sessions/" + sessions.getLast());
    }

    /** The newest one that lives. */
    private String subscription() {
        return stripe.fetch("/v1/subscriptions?limit=1&customer=" + id())
                .at("/data/0/id")
                .stringValue();
    }

    private void completed(String session) {
        sessions.add(session);
        id = requireNonNull(stripe.fetch("/v1/checkout/sessions/" + session)
                .path("customer")
                .stringValue());
    }
}
