package dev.paymaster.stripesandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.stripe.exception.InvalidRequestException;
import com.stripe.model.Account;
import com.stripe.model.Invoice;
import com.stripe.model.InvoiceLineItem;
import com.stripe.model.Subscription;
import com.stripe.model.Transfer;
import com.stripe.model.checkout.Session;
import com.stripe.param.InvoiceListParams;
import com.stripe.param.TransferCreateParams;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Money in by Checkout, out by a transfer, told by webhooks. */
class StoryTest {
    @Test
    void checkoutStartsASubscriptionAndTellsItsStory() throws Exception {
        try (Receiver receiver = new Receiver();
                Running running = new Running()) {
            String secret = running.sandbox.addWebhook(receiver.url(), false);
            String customer = running.customer().getId();

            Session session = running.paid(customer);

            assertThat(session.getStatus()).isEqualTo("complete");
            assertThat(session.getPaymentStatus()).isEqualTo("paid");
            assertThat(session.getClientReferenceId()).isEqualTo("user-1");
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(receiver.types(secret))
                            .contains(
                                    "customer.created",
                                    "customer.subscription.created",
                                    "invoice.created",
                                    "invoice.finalized",
                                    "charge.succeeded",
                                    "payment_intent.succeeded",
                                    "invoice.paid",
                                    "invoice.payment_succeeded",
                                    "checkout.session.completed"));
            Invoice invoice = (Invoice) receiver.events(secret).stream()
                    .filter(event -> event.getType().equals("invoice.paid"))
                    .findFirst()
                    .flatMap(event -> event.getDataObjectDeserializer().getObject())
                    .orElseThrow();
            assertThat(invoice.getParent().getSubscriptionDetails().getSubscription())
                    .isEqualTo(session.getSubscription());
            assertThat(invoice.getParent().getSubscriptionDetails().getMetadata())
                    .containsEntry("user_id", "user-1")
                    .containsEntry("tier", "starter");
            InvoiceLineItem line = invoice.getLines().getData().getFirst();
            assertThat(line.getPricing().getPriceDetails().getPrice()).isEqualTo("price_paymaster_starter");
            assertThat(line.getParent().getSubscriptionItemDetails().getProration())
                    .isFalse();
            assertThat(Duration.ofSeconds(
                            line.getPeriod().getEnd() - line.getPeriod().getStart()))
                    .isBetween(Duration.ofDays(28), Duration.ofDays(31));
            assertThat(running.stripe
                            .v1()
                            .balance()
                            .retrieve()
                            .getAvailable()
                            .getFirst()
                            .getAmount())
                    .isEqualTo(1000);
        }
    }

    @Test
    void aMonthLaterTheSubscriptionRenews() throws Exception {
        try (Running running = new Running()) {
            Session session = running.paid(running.customer().getId());
            Subscription before = running.stripe.v1().subscriptions().retrieve(session.getSubscription());

            running.advance(Duration.ofDays(31));

            Subscription after = running.stripe.v1().subscriptions().retrieve(session.getSubscription());
            List<Invoice> invoices = running.stripe
                    .v1()
                    .invoices()
                    .list(InvoiceListParams.builder()
                            .setSubscription(session.getSubscription())
                            .setStatus(InvoiceListParams.Status.PAID)
                            .build())
                    .getData();
            assertThat(invoices)
                    .extracting(Invoice::getBillingReason)
                    .containsExactly("subscription_cycle", "subscription_create");
            assertThat(after.getLatestInvoice()).isEqualTo(invoices.getFirst().getId());
            assertThat(after.getItems().getData().getFirst().getCurrentPeriodStart())
                    .isEqualTo(before.getItems().getData().getFirst().getCurrentPeriodEnd());
            assertThat(invoices.getFirst()
                            .getLines()
                            .getData()
                            .getFirst()
                            .getPeriod()
                            .getStart())
                    .isEqualTo(after.getItems().getData().getFirst().getCurrentPeriodStart());
            assertThat(invoices.getFirst().getPeriodEnd())
                    .isEqualTo(after.getItems().getData().getFirst().getCurrentPeriodStart());
        }
    }

    @Test
    void anAccountIsPaidOnceItsTransfersCapabilityIsActive() throws Exception {
        try (Receiver receiver = new Receiver();
                Running running = new Running()) {
            String secret = running.sandbox.addWebhook(receiver.url(), true);
            running.fund(500);
            Account account = running.account();
            TransferCreateParams params = TransferCreateParams.builder()
                    .setAmount(100L)
                    .setCurrency("usd")
                    .setDestination(account.getId())
                    .setTransferGroup("job-1")
                    .putMetadata("job_id", "job-1")
                    .build();

            assertThatThrownBy(() -> running.stripe.v1().transfers().create(params))
                    .isInstanceOfSatisfying(
                            InvalidRequestException.class,
                            refusal ->
                                    assertThat(refusal.getCode()).isEqualTo("insufficient_capabilities_for_transfer"));
            running.control("POST", "/_sandbox/accounts/" + account.getId() + "/onboard", "{\"outcome\":\"complete\"}");
            Transfer transfer = running.stripe.v1().transfers().create(params);

            assertThat(transfer.getAmount()).isEqualTo(100);
            assertThat(transfer.getDestination()).isEqualTo(account.getId());
            assertThat(running.stripe
                            .v1()
                            .balance()
                            .retrieve()
                            .getAvailable()
                            .getFirst()
                            .getAmount())
                    .isEqualTo(400);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(receiver.events(secret))
                            .anySatisfy(event -> {
                                assertThat(event.getType()).isEqualTo("account.updated");
                                assertThat(event.getAccount()).isEqualTo(account.getId());
                                Account updated = (Account) event.getDataObjectDeserializer()
                                        .getObject()
                                        .orElseThrow();
                                assertThat(updated.getCapabilities().getTransfers())
                                        .isEqualTo("active");
                                assertThat(updated.getDetailsSubmitted()).isTrue();
                            })
                            .anySatisfy(event -> assertThat(event.getType()).isEqualTo("capability.updated")));
        }
    }

    @Test
    void aTransferBeyondTheBalanceIsRefused() throws Exception {
        try (Running running = new Running()) {
            Account account = running.payable();
            running.fund(99);

            assertThatThrownBy(() -> running.stripe
                            .v1()
                            .transfers()
                            .create(TransferCreateParams.builder()
                                    .setAmount(100L)
                                    .setCurrency("usd")
                                    .setDestination(account.getId())
                                    .build()))
                    .isInstanceOfSatisfying(
                            InvalidRequestException.class,
                            refusal -> assertThat(refusal.getCode()).isEqualTo("balance_insufficient"));
        }
    }
}
