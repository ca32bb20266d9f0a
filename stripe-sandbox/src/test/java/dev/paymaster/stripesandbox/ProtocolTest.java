package dev.paymaster.stripesandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.PermissionException;
import com.stripe.model.Customer;
import com.stripe.model.Subscription;
import com.stripe.model.checkout.Session;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.CustomerListParams;
import com.stripe.param.CustomerUpdateParams;
import com.stripe.param.SubscriptionListParams;
import com.stripe.param.SubscriptionRetrieveParams;
import dev.paymaster.stripesandbox.state.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Authentication, errors, headers, lists, expansion, metadata. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProtocolTest {
    private Running running;

    @BeforeAll
    void start() {
        running = new Running();
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Bearer", "Bearer ", "Bearer sk_live_x", "Bearer x", "Basic !", "Basic eDo=", "Digest a"})
    void refusesWithoutATestKey(String authorization) {
        Map<String, String> headers = authorization.isEmpty() ? Map.of() : Map.of("Authorization", authorization);

        HttpResponse<String> answer = running.send("GET", "/v1/balance", headers, "");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("\"error\"").doesNotContain("sk_live_x");
        assertThat(answer.headers().firstValue("Request-Id")).isPresent();
    }

    @Test
    void takesTheKeyAsAUserNameToo() {
        String basic = Base64.getEncoder().encodeToString("sk_test_any:".getBytes(StandardCharsets.UTF_8));

        HttpResponse<String> answer = running.send("GET", "/v1/balance", Map.of("Authorization", "Basic " + basic), "");

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void echoesTheVersionAndNumbersEveryAnswer() {
        HttpResponse<String> first = running.form("GET", "/v1/balance", "", "Stripe-Version", "2025-01-01.acacia");
        HttpResponse<String> second = running.form("GET", "/v1/balance", "");

        assertThat(first.headers().firstValue("Stripe-Version")).contains("2025-01-01.acacia");
        assertThat(second.headers().firstValue("Stripe-Version")).contains("2026-07-29.dahlia");
        assertThat(first.headers().firstValue("Request-Id"))
                .isPresent()
                .isNotEqualTo(second.headers().firstValue("Request-Id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob", "bob@home", "bob@@example.com", "bob@example.com.", "bob smith@example.com"})
    void refusesWhatIsNoAddress(String email) {
        assertThatThrownBy(() -> running.stripe
                        .v1()
                        .customers()
                        .create(CustomerCreateParams.builder().setEmail(email).build()))
                .isInstanceOfSatisfying(InvalidRequestException.class, refusal -> {
                    assertThat(refusal.getStatusCode()).isEqualTo(400);
                    assertThat(refusal.getCode()).isEqualTo("email_invalid");
                    assertThat(refusal.getParam()).isEqualTo("email");
                });
    }

    @Test
    void refusesWhatIsNotThere() {
        assertThatThrownBy(() -> running.stripe.v1().customers().retrieve("cus_none"))
                .isInstanceOfSatisfying(InvalidRequestException.class, refusal -> {
                    assertThat(refusal.getStatusCode()).isEqualTo(404);
                    assertThat(refusal.getCode()).isEqualTo("resource_missing");
                });
        assertThatThrownBy(() -> running.session("cus_none"))
                .isInstanceOfSatisfying(InvalidRequestException.class, refusal -> {
                    assertThat(refusal.getStatusCode()).isEqualTo(400);
                    assertThat(refusal.getParam()).isEqualTo("customer");
                });
        assertThatThrownBy(() -> running.stripe.v1().accounts().retrieve("acct_none"))
                .isInstanceOf(PermissionException.class);
        assertThat(running.form("GET", "/v1/nonsense", "").statusCode()).isEqualTo(404);
        assertThat(running.form("PATCH", "/v1/customers", "").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a[=1", "%", "%ff=1", "name[a]=1", "unknown=1", "metadata=1", "expand[]=nothing"})
    void answersHostileFormsWith400(String form) {
        assertThat(running.form("POST", "/v1/customers", form).statusCode()).isEqualTo(400);
    }

    @Test
    void refusesJsonAndLargeBodies() {
        assertThat(running.form("POST", "/v1/customers", "{\"name\":\"a\"}", "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(400);
        assertThat(running.form("POST", "/v1/customers", "name=" + "a".repeat(1 << 20))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void mergesMetadata() throws Exception {
        Customer customer = running.stripe
                .v1()
                .customers()
                .create(CustomerCreateParams.builder()
                        .putMetadata("a", "1")
                        .putMetadata("b", "2")
                        .build());

        Customer changed = running.stripe
                .v1()
                .customers()
                .update(
                        customer.getId(),
                        CustomerUpdateParams.builder()
                                .putMetadata("a", "")
                                .putMetadata("c", "3")
                                .build());

        assertThat(changed.getMetadata()).containsOnly(Map.entry("b", "2"), Map.entry("c", "3"));
    }

    @Test
    void pagesForwardsAndBackwards() throws Exception {
        List<String> created = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            created.addFirst(running.customer().getId());
        }

        List<String> forwards = new ArrayList<>();
        var first = running.stripe
                .v1()
                .customers()
                .list(CustomerListParams.builder()
                        .setEmail("sender@example.com")
                        .setLimit(2L)
                        .build());
        for (Customer customer : first.autoPagingIterable()) {
            forwards.add(customer.getId());
        }
        var backwards = running.stripe
                .v1()
                .customers()
                .list(CustomerListParams.builder()
                        .setEndingBefore(created.getLast())
                        .setLimit(3L)
                        .build());

        assertThat(first.getHasMore()).isTrue();
        assertThat(forwards).startsWith(created.toArray(String[]::new));
        assertThat(backwards.getData()).extracting(Customer::getId).containsExactlyElementsOf(created.subList(1, 4));
        assertThat(backwards.getHasMore()).isTrue();
        assertThat(running.form("GET", "/v1/customers?starting_after=cus_none", "")
                        .statusCode())
                .isEqualTo(400);
        assertThat(running.form("GET", "/v1/customers?limit=101", "").statusCode())
                .isEqualTo(400);
    }

    @Test
    void expandsWhatIsAskedFor() throws Exception {
        Session session = running.paid(running.customer().getId());

        Subscription subscription = running.stripe
                .v1()
                .subscriptions()
                .retrieve(
                        session.getSubscription(),
                        SubscriptionRetrieveParams.builder()
                                .addExpand("customer")
                                .addExpand("latest_invoice.payments")
                                .addExpand("items.data.price.product")
                                .build());

        assertThat(subscription.getCustomerObject().getEmail()).isEqualTo("sender@example.com");
        assertThat(subscription
                        .getLatestInvoiceObject()
                        .getPayments()
                        .getData()
                        .getFirst()
                        .getStatus())
                .isEqualTo("paid");
        assertThat(subscription
                        .getItems()
                        .getData()
                        .getFirst()
                        .getPrice()
                        .getProductObject()
                        .getName())
                .isEqualTo("starter");
        assertThat(running.stripe
                        .v1()
                        .subscriptions()
                        .list(SubscriptionListParams.builder()
                                .setCustomer(session.getCustomer())
                                .addExpand("data.default_payment_method")
                                .build())
                        .getData()
                        .getFirst()
                        .getDefaultPaymentMethodObject()
                        .getCard()
                        .getLast4())
                .isEqualTo("4242");
        HttpResponse<String> lines = running.form(
                "GET", "/v1/checkout/sessions/" + session.getId() + "?expand[]=line_items.data.price.product", "");
        Truth.check(Json.MAPPER.readTree(lines.body()));
        assertThat(lines.body()).contains("\"name\":\"starter\"");
    }

    @Test
    void answersForConnectedAccountsOnlyWithTheirEvents() throws Exception {
        String account = running.payable().getId();

        HttpResponse<String> own = running.form("GET", "/v1/events?type=account.updated", "");
        HttpResponse<String> theirs =
                running.form("GET", "/v1/events?type=account.updated", "", "Stripe-Account", account);

        assertThat(Json.MAPPER.readTree(own.body()).path("data")).isEmpty();
        assertThat(Json.MAPPER.readTree(theirs.body()).path("data")).hasSize(1);
        assertThat(running.form("GET", "/v1/balance", "", "Stripe-Account", account)
                        .statusCode())
                .isEqualTo(400);
    }
}
