package dev.paymaster.stripesandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Invoice;
import com.stripe.model.InvoiceLineItem;
import com.stripe.model.Subscription;
import com.stripe.model.checkout.Session;
import com.stripe.param.CouponCreateParams;
import com.stripe.param.InvoiceCreateParams;
import com.stripe.param.InvoiceItemCreateParams;
import com.stripe.param.InvoiceListParams;
import com.stripe.param.SubscriptionCancelParams;
import com.stripe.param.SubscriptionCreateParams;
import com.stripe.param.SubscriptionListParams;
import com.stripe.param.SubscriptionUpdateParams;
import dev.paymaster.stripesandbox.state.Json;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that can happen to a subscription between its first day and its last. June has 30 days. */
class SubscriptionLifeTest {
    private static final String PRO = "price_paymaster_pro";

    private Running running;
    private String customer;

    @BeforeEach
    void start() throws Exception {
        Clock clock = Clock.fixed(Instant.parse("2026-06-01T00:00:00Z"), ZoneOffset.UTC);
        running = new Running(SandboxSettings.defaults().withClock(clock));
        customer = running.customer().getId();
        running.sandbox.prices(Map.of("pro", 4000));
        card("4242424242424242");
    }

    @AfterEach
    void stop() {
        Truth.check(Json.MAPPER.readTree(
                running.form("GET", "/v1/events?limit=100", "").body()));
        running.close();
    }

    /** A bank takes longer than a card may: the subscription is incomplete for days. */
    @ParameterizedTest
    @CsvSource({"succeeded, active, 2000", "failed, incomplete_expired, 0"})
    void aBankDebitIsKnownLater(String outcome, String status, long balance) throws Exception {
        Session session = running.session(customer);
        String path = "/_sandbox/checkout/sessions/" + session.getId();
        running.control("POST", path + "/complete", "{\"payment_method\":\"us_bank_account\"}");
        running.advance(Duration.ofDays(3));
        Session waiting = running.stripe.v1().checkout().sessions().retrieve(session.getId());
        assertThat(waiting.getPaymentStatus()).isEqualTo("unpaid");
        assertThat(subscriptionOf(waiting).getStatus()).isEqualTo("incomplete");
        assertThat(running.balance()).isZero();

        running.control("POST", path + "/settle", "{\"outcome\":\"" + outcome + "\"}");
        running.advance(Duration.ofDays(28));

        assertThat(running.events("checkout.session.async_payment_" + outcome)).hasSize(1);
        assertThat(subscriptionOf(waiting).getStatus()).isEqualTo(status);
        assertThat(running.balance()).as("the second month's debit, too").isEqualTo(balance);
    }

    private Subscription subscriptionOf(Session session) throws StripeException {
        return running.stripe.v1().subscriptions().retrieve(session.getSubscription());
    }

    @Test
    void anUpgradeIsInvoicedAtOnceByTheSecond() throws Exception {
        Subscription subscription = subscribe();
        running.advance(Duration.ofDays(15));

        Subscription upgraded = change(subscription, SubscriptionUpdateParams.ProrationBehavior.ALWAYS_INVOICE);

        Invoice invoice = latest();
        assertThat(upgraded.getLatestInvoice()).isEqualTo(invoice.getId());
        assertThat(invoice.getBillingReason()).isEqualTo("subscription_update");
        assertThat(invoice.getStatus()).isEqualTo("paid");
        assertThat(invoice.getLines().getData())
                .extracting(InvoiceLineItem::getAmount)
                .containsExactly(-500L, 2000L);
        assertThat(invoice.getLines().getData()).allSatisfy(line -> {
            assertThat(line.getParent().getSubscriptionItemDetails().getProration())
                    .isTrue();
            assertThat(line.getPeriod().getEnd())
                    .isEqualTo(subscription.getItems().getData().getFirst().getCurrentPeriodEnd());
        });
        assertThat(invoice.getAmountPaid()).isEqualTo(1500);
        assertThat(running.balance()).isEqualTo(2500);
    }

    @Test
    void aDeferredProrationIsOnTheNextInvoice() throws Exception {
        Subscription subscription = subscribe();
        running.advance(Duration.ofDays(15));
        change(subscription, SubscriptionUpdateParams.ProrationBehavior.CREATE_PRORATIONS);
        assertThat(invoices()).hasSize(1);
        assertThat(running.stripe.v1().invoiceItems().list().getData()).hasSize(2);

        running.advance(Duration.ofDays(15));

        assertThat(latest().getLines().getData())
                .extracting(InvoiceLineItem::getAmount)
                .containsExactly(-500L, 2000L, 4000L);
        assertThat(latest().getLines()
                        .getData()
                        .getFirst()
                        .getParent()
                        .getInvoiceItemDetails()
                        .getProration())
                .isTrue();
        assertThat(latest().getLines()
                        .getData()
                        .getFirst()
                        .getParent()
                        .getInvoiceItemDetails()
                        .getSubscription())
                .isEqualTo(subscription.getId());
        assertThat(latest().getAmountPaid()).isEqualTo(5500);
    }

    @Test
    void aDowngradeWaitsForTheEndOfThePeriod() throws Exception {
        Subscription subscription = change(subscribe(), SubscriptionUpdateParams.ProrationBehavior.NONE);
        assertThat(invoices()).hasSize(1);

        running.control(
                "POST",
                "/_sandbox/subscriptions/" + subscription.getId() + "/change",
                "{\"price\":\"" + running.prices.get("starter") + "\"}");
        assertThat(reload(subscription).getSchedule()).startsWith("sub_sched_");
        assertThat(price(reload(subscription))).isEqualTo(PRO);
        running.advance(Duration.ofDays(30));

        assertThat(price(reload(subscription))).isEqualTo(running.prices.get("starter"));
        assertThat(reload(subscription).getSchedule()).isNull();
        assertThat(latest().getAmountPaid()).isEqualTo(1000);
    }

    @Test
    void aDeclinedCardIsTriedAgainUntilTheSubscriptionEnds() throws Exception {
        Subscription subscription = subscribe();
        card("4000000000000341");

        running.advance(Duration.ofDays(30));
        assertThat(reload(subscription).getStatus()).isEqualTo("past_due");
        assertThat(latest().getStatus()).isEqualTo("open");
        assertThat(latest().getAttemptCount()).isEqualTo(1);
        assertThat(latest().getNextPaymentAttempt() - latest().getCreated())
                .isEqualTo(Duration.ofDays(3).toSeconds());

        running.advance(Duration.ofDays(16));
        assertThat(reload(subscription).getStatus()).isEqualTo("canceled");
        assertThat(reload(subscription).getCancellationDetails().getReason()).isEqualTo("payment_failed");
        assertThat(running.events("invoice.payment_failed")).hasSize(4);
        assertThat(running.events("charge.failed")).hasSize(4);
    }

    @Test
    void aNewCardBringsThePastDueBack() throws Exception {
        Subscription subscription = subscribe();
        card("4000000000000341");
        running.advance(Duration.ofDays(31));
        card("4242424242424242");
        running.advance(Duration.ofDays(3));

        assertThat(reload(subscription).getStatus()).isEqualTo("active");
        assertThat(latest().getStatus()).isEqualTo("paid");
        assertThat(latest().getAttemptCount()).isEqualTo(2);
        assertThat(running.events("invoice.paid")).hasSize(2);
    }

    @Test
    void aTrialBeginsWithAnInvoiceOverNothing() throws Exception {
        Subscription subscription = running.stripe
                .v1()
                .subscriptions()
                .create(running.subscription(customer).setTrialPeriodDays(7L).build());

        assertThat(subscription.getStatus()).isEqualTo("trialing");
        assertThat(latest().getStatus()).isEqualTo("paid");
        assertThat(latest().getTotal()).isZero();
        assertThat(latest().getLines().getData().getFirst().getDescription()).startsWith("Trial period");
        assertThat(running.stripe.v1().charges().list().getData()).isEmpty();

        running.advance(Duration.ofDays(4).minusSeconds(1));
        assertThat(running.events("customer.subscription.trial_will_end")).isEmpty();
        running.advance(Duration.ofDays(3).plusSeconds(1));
        assertThat(running.events("customer.subscription.trial_will_end")).hasSize(1);
        assertThat(reload(subscription).getStatus()).isEqualTo("active");
        assertThat(latest().getAmountPaid()).isEqualTo(1000);
    }

    @Test
    void aCouponTakesEverythingOffOnce() throws Exception {
        Subscription subscription = subscribeFree(CouponCreateParams.Duration.ONCE);

        assertThat(subscription.getStatus()).isEqualTo("active");
        assertThat(latest().getSubtotal()).isEqualTo(1000);
        assertThat(latest().getTotal()).isZero();
        assertThat(latest().getTotalDiscountAmounts().getFirst().getAmount()).isEqualTo(1000);
        assertThat(latest().getLines().getData().getFirst().getAmount()).isEqualTo(1000);
        assertThat(running.balance()).isZero();
        running.advance(Duration.ofDays(30));
        assertThat(latest().getAmountPaid()).isEqualTo(1000);
    }

    /** A proration's amount is net of discounts, which stand there with 0; only a credit says what it credits. */
    @Test
    void aChangeUnderACouponCostsWhatItLeaves() throws Exception {
        Subscription subscription = subscribeFree(CouponCreateParams.Duration.FOREVER);
        String first = latest().getId();
        running.advance(Duration.ofDays(15));

        change(subscription, SubscriptionUpdateParams.ProrationBehavior.ALWAYS_INVOICE);

        List<InvoiceLineItem> lines = latest().getLines().getData();
        assertThat(lines).extracting(InvoiceLineItem::getAmount).containsExactly(0L, 0L);
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.getDiscountAmounts())
                        .extracting(InvoiceLineItem.DiscountAmount::getAmount)
                        .containsExactly(0L));
        assertThat(lines)
                .extracting(line -> line.getParent()
                        .getSubscriptionItemDetails()
                        .getProrationDetails()
                        .getCreditedItems())
                .satisfiesExactly(
                        credited -> assertThat(credited.getInvoice()).isEqualTo(first),
                        credited -> assertThat(credited).isNull());
        assertThat(latest().getTotal()).isZero();
    }

    private Subscription subscribeFree(CouponCreateParams.Duration duration) throws Exception {
        String coupon = running.stripe
                .v1()
                .coupons()
                .create(CouponCreateParams.builder()
                        .setPercentOff(new BigDecimal(100))
                        .setDuration(duration)
                        .build())
                .getId();

        return running.stripe
                .v1()
                .subscriptions()
                .create(running.subscription(customer)
                        .addDiscount(SubscriptionCreateParams.Discount.builder()
                                .setCoupon(coupon)
                                .build())
                        .build());
    }

    @ParameterizedTest
    @CsvSource({"void, void", "mark_uncollectible, uncollectible", "keep_as_draft, draft"})
    void aPausedSubscriptionCollectsNothing(String behavior, String status) throws Exception {
        Subscription subscription = subscribe();
        SubscriptionUpdateParams.PauseCollection pause = SubscriptionUpdateParams.PauseCollection.builder()
                .setBehavior(
                        SubscriptionUpdateParams.PauseCollection.Behavior.valueOf(behavior.toUpperCase(Locale.ROOT)))
                .build();
        running.stripe
                .v1()
                .subscriptions()
                .update(
                        subscription.getId(),
                        SubscriptionUpdateParams.builder()
                                .setPauseCollection(pause)
                                .build());

        running.advance(Duration.ofDays(30));

        assertThat(latest().getStatus()).isEqualTo(status);
        assertThat(reload(subscription).getStatus()).isEqualTo("active");
        assertThat(running.balance()).isEqualTo(1000);
        running.form("POST", "/v1/subscriptions/" + subscription.getId(), "pause_collection=");
        running.advance(Duration.ofDays(31));
        assertThat(latest().getStatus()).isEqualTo("paid");
    }

    @Test
    void anEndNowMayCreditTheRest() throws Exception {
        Subscription subscription = subscribe();
        running.advance(Duration.ofDays(15));

        running.stripe
                .v1()
                .subscriptions()
                .cancel(
                        subscription.getId(),
                        SubscriptionCancelParams.builder()
                                .setProrate(true)
                                .setInvoiceNow(true)
                                .build());

        assertThat(latest().getTotal()).isEqualTo(-500);
        assertThat(latest().getStatus()).isEqualTo("paid");
        assertThat(running.stripe.v1().customers().retrieve(customer).getBalance())
                .isEqualTo(-500);
        subscribe();
        assertThat(latest().getAmountPaid()).isEqualTo(500);
    }

    @Test
    void aFirstPaymentThatFailsMakesItIncomplete() throws Exception {
        card("4000000000000341");
        Subscription subscription = subscribe();
        assertThat(subscription.getStatus()).isEqualTo("incomplete");
        running.advance(Duration.ofHours(23));
        assertThat(reload(subscription).getStatus()).isEqualTo("incomplete_expired");

        assertThatThrownBy(() -> running.stripe
                        .v1()
                        .subscriptions()
                        .create(running.subscription(customer)
                                .setPaymentBehavior(SubscriptionCreateParams.PaymentBehavior.ERROR_IF_INCOMPLETE)
                                .build()))
                .isInstanceOf(CardException.class);
        assertThat(running.stripe
                        .v1()
                        .subscriptions()
                        .list(SubscriptionListParams.builder()
                                .setStatus(SubscriptionListParams.Status.ALL)
                                .build())
                        .getData())
                .hasSize(1);
    }

    @Test
    void anInvoiceOfManyLinesIsPaged() throws Exception {
        SubscriptionCreateParams.Builder params = running.subscription(customer);
        for (int i = 0; i < 14; i++) {
            params.addItem(SubscriptionCreateParams.Item.builder()
                    .setPrice(PRO)
                    .setQuantity(i + 1L)
                    .build());
        }
        running.stripe.v1().subscriptions().create(params.build());

        assertThat(latest().getLines().getHasMore()).isTrue();
        assertThat(latest().getLines().getData()).hasSize(10);
        List<String> all = new ArrayList<>();
        for (InvoiceLineItem line : running.stripe
                .v1()
                .invoices()
                .lineItems()
                .list(latest().getId())
                .autoPagingIterable()) {
            all.add(line.getId());
        }
        assertThat(all).hasSize(15).doesNotHaveDuplicates();
        assertThat(all.subList(0, 10))
                .isEqualTo(latest().getLines().getData().stream()
                        .map(InvoiceLineItem::getId)
                        .toList());
    }

    @Test
    void refusesUnknownPricesAndOtherCurrencies() throws Exception {
        Subscription subscription = subscribe();
        assertThatThrownBy(() -> running.stripe
                        .v1()
                        .subscriptions()
                        .create(SubscriptionCreateParams.builder()
                                .setCustomer(customer)
                                .addItem(SubscriptionCreateParams.Item.builder()
                                        .setPrice("price_none")
                                        .build())
                                .build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("No such price");
        assertThat(running.form("POST", "/v1/subscriptions/" + subscription.getId(), "items[0][price]=price_none")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void aCustomerMayHaveSeveral() throws Exception {
        Subscription first = subscribe();
        Subscription second = change(subscribe(), SubscriptionUpdateParams.ProrationBehavior.NONE);

        running.stripe.v1().subscriptions().cancel(first.getId());
        running.advance(Duration.ofDays(30));

        assertThat(running.stripe
                        .v1()
                        .subscriptions()
                        .list(SubscriptionListParams.builder()
                                .setCustomer(customer)
                                .build())
                        .getData())
                .extracting(Subscription::getId)
                .containsExactly(second.getId());
        assertThat(invoices())
                .extracting(
                        invoice -> invoice.getParent().getSubscriptionDetails().getSubscription())
                .containsExactly(second.getId(), second.getId(), first.getId());
    }

    @Test
    void aManualInvoiceMayBelongToASubscription() throws Exception {
        Subscription subscription = subscribe();
        running.stripe
                .v1()
                .invoiceItems()
                .create(InvoiceItemCreateParams.builder()
                        .setCustomer(customer)
                        .setSubscription(subscription.getId())
                        .setPricing(InvoiceItemCreateParams.Pricing.builder()
                                .setPrice(running.prices.get("starter"))
                                .build())
                        .build());

        Invoice draft = running.stripe
                .v1()
                .invoices()
                .create(InvoiceCreateParams.builder()
                        .setCustomer(customer)
                        .setSubscription(subscription.getId())
                        .build());
        Invoice paid = running.stripe.v1().invoices().pay(draft.getId());

        assertThat(paid.getBillingReason()).isEqualTo("manual");
        assertThat(paid.getParent().getSubscriptionDetails().getSubscription()).isEqualTo(subscription.getId());
        assertThat(paid.getLines()
                        .getData()
                        .getFirst()
                        .getPricing()
                        .getPriceDetails()
                        .getPrice())
                .isEqualTo(running.prices.get("starter"));
        assertThat(paid.getAmountPaid()).isEqualTo(1000);
    }

    private Subscription change(Subscription subscription, SubscriptionUpdateParams.ProrationBehavior behavior)
            throws StripeException {
        return running.stripe
                .v1()
                .subscriptions()
                .update(
                        subscription.getId(),
                        SubscriptionUpdateParams.builder()
                                .setProrationBehavior(behavior)
                                .addItem(SubscriptionUpdateParams.Item.builder()
                                        .setId(subscription
                                                .getItems()
                                                .getData()
                                                .getFirst()
                                                .getId())
                                        .setPrice(PRO)
                                        .build())
                                .build());
    }

    private Subscription subscribe() throws StripeException {
        return running.stripe
                .v1()
                .subscriptions()
                .create(running.subscription(customer).build());
    }

    private Subscription reload(Subscription subscription) throws StripeException {
        return running.stripe.v1().subscriptions().retrieve(subscription.getId());
    }

    private static String price(Subscription subscription) {
        return subscription.getItems().getData().getFirst().getPrice().getId();
    }

    private Invoice latest() throws StripeException {
        return invoices().getFirst();
    }

    private List<Invoice> invoices() throws StripeException {
        return running.stripe
                .v1()
                .invoices()
                .list(InvoiceListParams.builder().setLimit(100L).build())
                .getData();
    }

    private void card(String number) {
        running.control("POST", "/_sandbox/customers/" + customer + "/card", "{\"card\":\"" + number + "\"}");
    }
}
