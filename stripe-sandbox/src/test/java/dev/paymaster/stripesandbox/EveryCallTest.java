package dev.paymaster.stripesandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.stripe.exception.StripeException;
import com.stripe.model.Account;
import com.stripe.model.Charge;
import com.stripe.model.Invoice;
import com.stripe.model.InvoicePayment;
import com.stripe.model.PaymentIntent;
import com.stripe.model.StripeObject;
import com.stripe.model.Subscription;
import com.stripe.model.Transfer;
import com.stripe.model.WebhookEndpoint;
import com.stripe.model.checkout.Session;
import com.stripe.param.AccountCreateParams;
import com.stripe.param.AccountLinkCreateParams;
import com.stripe.param.AccountUpdateParams;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.CustomerUpdateParams;
import com.stripe.param.EventListParams;
import com.stripe.param.InvoicePaymentListParams;
import com.stripe.param.PriceCreateParams;
import com.stripe.param.PriceUpdateParams;
import com.stripe.param.ProductCreateParams;
import com.stripe.param.ProductUpdateParams;
import com.stripe.param.SubscriptionUpdateParams;
import com.stripe.param.TransferCreateParams;
import com.stripe.param.TransferUpdateParams;
import com.stripe.param.WebhookEndpointCreateParams;
import com.stripe.param.WebhookEndpointUpdateParams;
import com.stripe.param.testhelpers.TestClockAdvanceParams;
import com.stripe.param.testhelpers.TestClockCreateParams;
import com.stripe.service.V1Services;
import com.stripe.service.testhelpers.TestClockService;
import dev.paymaster.stripesandbox.state.Json;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.node.ObjectNode;

/** Every call once, through stripe-java: it is parsed into its type, and every object in it keeps Stripe's promises. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryCallTest {
    private Running running;
    private V1Services v1;
    private String customer;
    private Session session;
    private Subscription subscription;
    private Invoice invoice;
    private InvoicePayment payment;
    private PaymentIntent intent;
    private Charge charge;
    private Account account;
    private Transfer transfer;
    private WebhookEndpoint endpoint;
    private Map<String, Callable<Object>> moneyBack;
    private Map<String, Callable<Object>> accountsV2;
    private Map<String, Callable<Object>> invoicing;

    @BeforeAll
    void buyAndPay() throws Exception {
        running = new Running();
        v1 = running.stripe.v1();
        customer = running.customer().getId();
        session = running.paid(customer);
        subscription = v1.subscriptions().retrieve(session.getSubscription());
        invoice = v1.invoices().retrieve(session.getInvoice());
        payment = v1.invoicePayments()
                .list(InvoicePaymentListParams.builder()
                        .setInvoice(invoice.getId())
                        .build())
                .getData()
                .getFirst();
        intent = v1.paymentIntents().retrieve(payment.getPayment().getPaymentIntent());
        charge = v1.charges().retrieve(intent.getLatestCharge());
        account = running.payable();
        transfer = v1.transfers().create(transferOf(100));
        endpoint = v1.webhookEndpoints().create(webhook());
        invoicing = new InvoicingCalls(running).calls();
        accountsV2 = AccountsV2Calls.of(running);
        moneyBack = MoneyBackCalls.of(running, charge, transfer);
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void hasATestForEveryCall() {
        assertThat(calls().keySet())
                .containsExactlyInAnyOrderElementsOf(running.sandbox.endpoints().stream()
                        .map(call -> call.method() + " " + call.path())
                        .collect(Collectors.toSet()));
    }

    @TestFactory
    Stream<DynamicTest> answersInStripesShape() {
        return calls().entrySet().stream()
                .map(call -> dynamicTest(call.getKey(), () -> {
                    StripeObject answer = (StripeObject) call.getValue().call();
                    assertThat(answer.getLastResponse().code()).isEqualTo(200);
                    Truth.check(Json.MAPPER.readTree(answer.getLastResponse().body()));
                }));
    }

    @Test
    void tellsEventsInStripesShape() throws StripeException {
        String body = v1.events()
                .list(EventListParams.builder().setLimit(100L).build())
                .getLastResponse()
                .body();

        Truth.check(Json.MAPPER.readTree(body));
        assertThat(Json.MAPPER.readTree(body).path("data")).hasSizeGreaterThan(10);
    }

    @Test
    void noticesABrokenPromise() {
        ObjectNode broken =
                (ObjectNode) Json.MAPPER.readTree(transfer.getLastResponse().body());

        assertThatThrownBy(() -> Truth.check(broken.deepCopy().putNull("amount")))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Truth.check(broken.deepCopy().without("transfer_group")))
                .isInstanceOf(AssertionError.class);
    }

    private Map<String, Callable<Object>> calls() {
        Map<String, Callable<Object>> calls = new TreeMap<>();
        addSelling(calls);
        addCheckout(calls);
        addBilling(calls);
        addConnect(calls);
        addEvents(calls);
        calls.putAll(moneyBack);
        calls.putAll(invoicing);
        addTestClocks(calls);
        calls.putAll(accountsV2);
        return calls;
    }

    private void addSelling(Map<String, Callable<Object>> calls) {
        String product = "prod_paymaster_starter";
        String price = "price_paymaster_starter";
        calls.put(
                "POST /v1/customers",
                () -> v1.customers()
                        .create(CustomerCreateParams.builder().setName("Ada").build()));
        calls.put("GET /v1/customers/{id}", () -> v1.customers().retrieve(customer));
        calls.put(
                "POST /v1/customers/{id}",
                () -> v1.customers()
                        .update(
                                customer,
                                CustomerUpdateParams.builder().setPhone("1").build()));
        calls.put("GET /v1/customers", () -> v1.customers().list());
        calls.put(
                "POST /v1/products",
                () -> v1.products()
                        .create(ProductCreateParams.builder().setName("Tea").build()));
        calls.put("GET /v1/products/{id}", () -> v1.products().retrieve(product));
        calls.put(
                "POST /v1/products/{id}",
                () -> v1.products()
                        .update(
                                product,
                                ProductUpdateParams.builder()
                                        .setDescription("d")
                                        .build()));
        calls.put("GET /v1/products", () -> v1.products().list());
        calls.put(
                "POST /v1/prices",
                () -> v1.prices()
                        .create(PriceCreateParams.builder()
                                .setCurrency("usd")
                                .setProduct(product)
                                .setUnitAmount(5L)
                                .setRecurring(PriceCreateParams.Recurring.builder()
                                        .setInterval(PriceCreateParams.Recurring.Interval.YEAR)
                                        .build())
                                .build()));
        calls.put("GET /v1/prices/{id}", () -> v1.prices().retrieve(price));
        calls.put(
                "POST /v1/prices/{id}",
                () -> v1.prices()
                        .update(
                                price,
                                PriceUpdateParams.builder().setNickname("n").build()));
        calls.put("GET /v1/prices", () -> v1.prices().list());
    }

    private void addCheckout(Map<String, Callable<Object>> calls) {
        calls.put("POST /v1/checkout/sessions", () -> running.session(null));
        calls.put(
                "GET /v1/checkout/sessions/{id}", () -> v1.checkout().sessions().retrieve(session.getId()));
        calls.put("GET /v1/checkout/sessions", () -> v1.checkout().sessions().list());
        calls.put(
                "GET /v1/checkout/sessions/{id}/line_items",
                () -> v1.checkout().sessions().lineItems().list(session.getId()));
        calls.put(
                "POST /v1/checkout/sessions/{id}/expire",
                () -> v1.checkout().sessions().expire(running.session(customer).getId()));
        calls.put(
                "POST /v1/billing_portal/sessions",
                () -> v1.billingPortal()
                        .sessions()
                        .create(com.stripe.param.billingportal.SessionCreateParams.builder()
                                .setCustomer(customer)
                                .build()));
    }

    private void addBilling(Map<String, Callable<Object>> calls) {
        calls.put("GET /v1/subscriptions/{id}", () -> v1.subscriptions().retrieve(subscription.getId()));
        calls.put("GET /v1/subscriptions", () -> v1.subscriptions().list());
        calls.put(
                "POST /v1/subscriptions/{id}",
                () -> v1.subscriptions()
                        .update(
                                subscription.getId(),
                                SubscriptionUpdateParams.builder()
                                        .setCancelAtPeriodEnd(true)
                                        .build()));
        calls.put(
                "DELETE /v1/subscriptions/{id}",
                () -> v1.subscriptions()
                        .cancel(running.paid(running.customer().getId()).getSubscription()));
        calls.put("GET /v1/invoices/{id}", () -> v1.invoices().retrieve(invoice.getId()));
        calls.put("GET /v1/invoices", () -> v1.invoices().list());
        calls.put("GET /v1/invoices/{id}/lines", () -> v1.invoices().lineItems().list(invoice.getId()));
        calls.put("GET /v1/invoice_payments/{id}", () -> v1.invoicePayments().retrieve(payment.getId()));
        calls.put("GET /v1/invoice_payments", () -> v1.invoicePayments().list());
        calls.put("GET /v1/payment_intents/{id}", () -> v1.paymentIntents().retrieve(intent.getId()));
        calls.put("GET /v1/payment_intents", () -> v1.paymentIntents().list());
        calls.put("GET /v1/payment_methods/{id}", () -> v1.paymentMethods().retrieve(intent.getPaymentMethod()));
        calls.put("GET /v1/charges/{id}", () -> v1.charges().retrieve(charge.getId()));
        calls.put("GET /v1/charges", () -> v1.charges().list());
        calls.put("GET /v1/balance", () -> v1.balance().retrieve());
        calls.put(
                "GET /v1/balance_transactions/{id}",
                () -> v1.balanceTransactions().retrieve(charge.getBalanceTransaction()));
        calls.put("GET /v1/balance_transactions", () -> v1.balanceTransactions().list());
    }

    private void addConnect(Map<String, Callable<Object>> calls) {
        calls.put(
                "POST /v1/accounts",
                () -> v1.accounts()
                        .create(AccountCreateParams.builder()
                                .setType(AccountCreateParams.Type.EXPRESS)
                                .build()));
        calls.put("GET /v1/accounts/{id}", () -> v1.accounts().retrieve(account.getId()));
        calls.put(
                "POST /v1/accounts/{id}",
                () -> v1.accounts()
                        .update(
                                account.getId(),
                                AccountUpdateParams.builder()
                                        .putMetadata("a", "b")
                                        .build()));
        calls.put(
                "DELETE /v1/accounts/{id}",
                () -> v1.accounts().delete(running.account().getId()));
        calls.put("GET /v1/accounts", () -> v1.accounts().list());
        calls.put(
                "GET /v1/accounts/{id}/capabilities",
                () -> v1.accounts().capabilities().list(account.getId()));
        calls.put(
                "GET /v1/accounts/{id}/capabilities/{capability}",
                () -> v1.accounts().capabilities().retrieve(account.getId(), "transfers"));
        calls.put(
                "POST /v1/accounts/{id}/login_links",
                () -> v1.accounts().loginLinks().create(account.getId()));
        calls.put(
                "POST /v1/account_links",
                () -> v1.accountLinks()
                        .create(AccountLinkCreateParams.builder()
                                .setAccount(account.getId())
                                .setType(AccountLinkCreateParams.Type.ACCOUNT_ONBOARDING)
                                .setRefreshUrl("https://example.com/refresh")
                                .setReturnUrl("https://example.com/return")
                                .build()));
        calls.put("POST /v1/transfers", () -> v1.transfers().create(transferOf(1)));
        calls.put("GET /v1/transfers/{id}", () -> v1.transfers().retrieve(transfer.getId()));
        calls.put(
                "POST /v1/transfers/{id}",
                () -> v1.transfers()
                        .update(
                                transfer.getId(),
                                TransferUpdateParams.builder()
                                        .setDescription("d")
                                        .build()));
        calls.put("GET /v1/transfers", () -> v1.transfers().list());
    }

    private void addEvents(Map<String, Callable<Object>> calls) {
        calls.put("GET /v1/events", () -> v1.events().list());
        calls.put(
                "GET /v1/events/{id}",
                () -> v1.events()
                        .retrieve(v1.events().list().getData().getFirst().getId()));
        calls.put("POST /v1/webhook_endpoints", () -> v1.webhookEndpoints().create(webhook()));
        calls.put("GET /v1/webhook_endpoints/{id}", () -> v1.webhookEndpoints().retrieve(endpoint.getId()));
        calls.put(
                "POST /v1/webhook_endpoints/{id}",
                () -> v1.webhookEndpoints()
                        .update(
                                endpoint.getId(),
                                WebhookEndpointUpdateParams.builder()
                                        .setDisabled(true)
                                        .build()));
        calls.put(
                "DELETE /v1/webhook_endpoints/{id}",
                () -> v1.webhookEndpoints()
                        .delete(v1.webhookEndpoints().create(webhook()).getId()));
        calls.put("GET /v1/webhook_endpoints", () -> v1.webhookEndpoints().list());
    }

    private void addTestClocks(Map<String, Callable<Object>> calls) {
        String url = "/v1/test_helpers/test_clocks";
        TestClockService clocks = v1.testHelpers().testClocks();
        calls.put("POST " + url, () -> clocks.create(past()));
        calls.put("GET " + url, () -> clocks.list());
        calls.put(
                "GET " + url + "/{id}",
                () -> clocks.retrieve(clocks.create(past()).getId()));
        calls.put(
                "DELETE " + url + "/{id}",
                () -> clocks.delete(clocks.create(past()).getId()));
        calls.put(
                "POST " + url + "/{id}/advance",
                () -> clocks.advance(
                        clocks.create(past()).getId(),
                        TestClockAdvanceParams.builder().setFrozenTime(1L).build()));
    }

    private static TestClockCreateParams past() {
        return TestClockCreateParams.builder().setFrozenTime(0L).build();
    }

    private TransferCreateParams transferOf(long cents) {
        return TransferCreateParams.builder()
                .setAmount(cents)
                .setCurrency("usd")
                .setDestination(account.getId())
                .build();
    }

    private static WebhookEndpointCreateParams webhook() {
        return WebhookEndpointCreateParams.builder()
                .setUrl("http://127.0.0.1:9/never")
                .addEnabledEvent(WebhookEndpointCreateParams.EnabledEvent.PLAN__CREATED)
                .build();
    }
}
