package dev.paymaster.stripesandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.InvalidRequestException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.checkout.Session;
import com.stripe.param.checkout.SessionCreateParams;
import dev.paymaster.stripesandbox.state.Json;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Checkout in mode {@code payment}: paid at once by card, or days later by a bank debit. */
class TopUpTest {
    private Running running;
    private Session session;

    @BeforeEach
    void start() throws Exception {
        running = new Running();
        session = create("usd");
    }

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    void aCardPaysAtOnce() throws Exception {
        complete("card");

        Session paid = running.stripe.v1().checkout().sessions().retrieve(session.getId());
        PaymentIntent intent = running.stripe.v1().paymentIntents().retrieve(paid.getPaymentIntent());
        assertThat(paid.getPaymentStatus()).isEqualTo("paid");
        assertThat(paid.getAmountTotal()).isEqualTo(1500);
        assertThat(paid.getInvoice()).isNull();
        assertThat(paid.getSubscription()).isNull();
        assertThat(paid.getCustomer()).isNull();
        assertThat(paid.getCustomerDetails().getEmail()).isEqualTo("guest@example.com");
        assertThat(intent.getMetadata()).containsEntry("user_id", "user-1");
        assertThat(intent.getStatus()).isEqualTo("succeeded");
        assertThat(running.balance()).isEqualTo(1500);
        assertThat(running.events("checkout.session.completed")).hasSize(1);
        assertThat(running.events("invoice.*")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"succeeded, paid, 1500", "failed, unpaid, 0"})
    void aBankDebitIsKnownLater(String outcome, String status, long balance) throws Exception {
        complete("us_bank_account");
        Session waiting = running.stripe.v1().checkout().sessions().retrieve(session.getId());
        assertThat(waiting.getStatus()).isEqualTo("complete");
        assertThat(waiting.getPaymentStatus()).isEqualTo("unpaid");
        assertThat(running.balance()).isZero();
        assertThat(running.stripe
                        .v1()
                        .paymentIntents()
                        .retrieve(waiting.getPaymentIntent())
                        .getStatus())
                .isEqualTo("processing");

        String path = "/_sandbox/checkout/sessions/" + session.getId() + "/settle";
        running.control("POST", path, "{\"outcome\":\"" + outcome + "\"}");

        assertThat(running.events("checkout.session.async_payment_" + outcome))
                .extracting(event -> event.required("payment_status").stringValue())
                .containsExactly(status);
        assertThat(running.balance()).isEqualTo(balance);
        assertThat(running.send("POST", path, Map.of(), "").statusCode()).isEqualTo(400);
        Truth.check(Json.MAPPER.readTree(
                running.form("GET", "/v1/events?limit=100", "").body()));
        Truth.check(Json.MAPPER.readTree(
                running.form("GET", "/v1/charges?limit=100", "").body()));
    }

    @Test
    void thePageOffersBoth() {
        String path = URI.create(session.getUrl()).getPath();

        HttpResponse<String> page = running.send("GET", path, Map.of(), "");
        HttpResponse<String> sent = running.send(
                "POST", path, Map.of(), "card=4242424242424242&email=a%40example.com&method=us_bank_account");

        assertThat(page.body()).contains("3 × Credits", "once", "$15.00", "us_bank_account");
        assertThat(sent.statusCode()).isEqualTo(303);
        assertThat(running.events("payment_intent.processing")).hasSize(1);
    }

    @Test
    void otherCurrenciesAreKeptApart() throws Exception {
        session = create("eur");
        complete("card");

        JsonNode available = Json.MAPPER
                .readTree(running.form("GET", "/v1/balance", "").body())
                .required("available");
        assertThat(available)
                .extracting(amount -> amount.required("currency").stringValue() + " "
                        + amount.required("amount").longValue())
                .containsExactly("usd 0", "eur 1500");
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> running.stripe
                        .v1()
                        .checkout()
                        .sessions()
                        .create(SessionCreateParams.builder()
                                .setMode(SessionCreateParams.Mode.PAYMENT)
                                .setSuccessUrl("https://example.com/thanks")
                                .addLineItem(SessionCreateParams.LineItem.builder()
                                        .setPrice(running.prices.get("starter"))
                                        .setQuantity(1L)
                                        .build())
                                .build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("recurring");
    }

    private void complete(String method) {
        running.control(
                "POST",
                "/_sandbox/checkout/sessions/" + session.getId() + "/complete",
                "{\"payment_method\":\"" + method + "\",\"email\":\"guest@example.com\"}");
    }

    private Session create(String currency) throws Exception {
        return running.stripe
                .v1()
                .checkout()
                .sessions()
                .create(SessionCreateParams.builder()
                        .setMode(SessionCreateParams.Mode.PAYMENT)
                        .setSuccessUrl("https://example.com/thanks")
                        .setClientReferenceId("user-1")
                        .setPaymentIntentData(SessionCreateParams.PaymentIntentData.builder()
                                .putMetadata("user_id", "user-1")
                                .build())
                        .addLineItem(SessionCreateParams.LineItem.builder()
                                .setQuantity(3L)
                                .setPriceData(SessionCreateParams.LineItem.PriceData.builder()
                                        .setCurrency(currency)
                                        .setUnitAmount(500L)
                                        .setProductData(SessionCreateParams.LineItem.PriceData.ProductData.builder()
                                                .setName("Credits")
                                                .build())
                                        .build())
                                .build())
                        .build());
    }
}
