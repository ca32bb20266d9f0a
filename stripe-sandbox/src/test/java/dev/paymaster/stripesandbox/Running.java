package dev.paymaster.stripesandbox;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.Account;
import com.stripe.model.Customer;
import com.stripe.model.Dispute;
import com.stripe.model.checkout.Session;
import com.stripe.param.AccountCreateParams;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.InvoicePaymentListParams;
import com.stripe.param.SubscriptionCreateParams;
import com.stripe.param.checkout.SessionCreateParams;
import dev.paymaster.stripesandbox.state.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A sandbox for one test, the client that is tested against it, and the steps that many tests begin with. */
final class Running implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    final StripeSandbox sandbox;
    final StripeClient stripe;
    final Map<String, String> prices;

    Running() {
        this(SandboxSettings.defaults());
    }

    Running(SandboxSettings settings) {
        sandbox = StripeSandbox.start(settings);
        stripe = StripeClient.builder()
                .setApiKey(sandbox.secretKey())
                .setApiBase(sandbox.baseUrl().toString())
                .build();
        prices = sandbox.prices(Map.of("starter", 1000));
    }

    Customer customer() throws StripeException {
        return stripe.v1()
                .customers()
                .create(CustomerCreateParams.builder()
                        .setEmail("sender@example.com")
                        .build());
    }

    Session session(@Nullable String customer) throws StripeException {
        SessionCreateParams.Builder params = SessionCreateParams.builder()
                .setMode(SessionCreateParams.Mode.SUBSCRIPTION)
                .setSuccessUrl("https://example.com/thanks?session={CHECKOUT_SESSION_ID}")
                .setCancelUrl("https://example.com/back")
                .setClientReferenceId("user-1")
                .addLineItem(SessionCreateParams.LineItem.builder()
                        .setPrice(prices.get("starter"))
                        .setQuantity(1L)
                        .build())
                .setSubscriptionData(SessionCreateParams.SubscriptionData.builder()
                        .putMetadata("user_id", "user-1")
                        .putMetadata("tier", "starter")
                        .build());
        if (customer != null) {
            params.setCustomer(customer);
        }
        return stripe.v1().checkout().sessions().create(params.build());
    }

    /** A session that was paid with the card that pays. */
    Session paid(String customer) throws StripeException {
        return paid(customer, "4242424242424242");
    }

    Session paid(String customer, String card) throws StripeException {
        Session session = session(customer);
        control("POST", "/_sandbox/checkout/sessions/" + session.getId() + "/complete", "{\"card\":\"" + card + "\"}");
        return stripe.v1().checkout().sessions().retrieve(session.getId());
    }

    /** A subscription to the starter price, to be created by the API. */
    SubscriptionCreateParams.Builder subscription(String customer) {
        return SubscriptionCreateParams.builder()
                .setCustomer(customer)
                .addItem(SubscriptionCreateParams.Item.builder()
                        .setPrice(prices.get("starter"))
                        .build());
    }

    /** The charge that paid a session's invoice. */
    String chargeOf(Session session) throws StripeException {
        String intent = stripe.v1()
                .invoicePayments()
                .list(InvoicePaymentListParams.builder()
                        .setInvoice(session.getInvoice())
                        .build())
                .getData()
                .getFirst()
                .getPayment()
                .getPaymentIntent();
        return stripe.v1().paymentIntents().retrieve(intent).getLatestCharge();
    }

    /** Disputes a charge; {@code more} are further fields, each after a comma. */
    Dispute dispute(String charge, String more) throws StripeException {
        JsonNode opened = control("POST", "/_sandbox/disputes", "{\"charge\":\"" + charge + "\"" + more + "}");
        return stripe.v1().disputes().retrieve(Json.require(opened, "id"));
    }

    /** The objects of the platform's events of a type, newest first. */
    List<JsonNode> events(String type) {
        return Json.MAPPER
                .readTree(form("GET", "/v1/events?limit=100&type=" + type, "").body())
                .required("data")
                .valueStream()
                .map(event -> event.required("data").required("object"))
                .toList();
    }

    /** What the platform can transfer, in cents. */
    long balance() throws StripeException {
        return stripe.v1().balance().retrieve().getAvailable().getFirst().getAmount();
    }

    Account account() throws StripeException {
        return stripe.v1()
                .accounts()
                .create(AccountCreateParams.builder()
                        .setType(AccountCreateParams.Type.EXPRESS)
                        .setCapabilities(AccountCreateParams.Capabilities.builder()
                                .setTransfers(AccountCreateParams.Capabilities.Transfers.builder()
                                        .setRequested(true)
                                        .build())
                                .build())
                        .build());
    }

    /** An account that can be paid. */
    Account payable() throws StripeException {
        String id = account().getId();
        control("POST", "/_sandbox/accounts/" + id + "/onboard", "{\"outcome\":\"complete\"}");
        return stripe.v1().accounts().retrieve(id);
    }

    void fund(long cents) {
        control("POST", "/_sandbox/balance", "{\"available\":" + cents + "}");
    }

    void advance(Duration time) {
        control("POST", "/_sandbox/clock/advance", "{\"seconds\":" + time.toSeconds() + "}");
    }

    void faults(String rules) {
        control("PUT", "/_sandbox/faults", "{\"seed\":7,\"rules\":[" + rules + "]}");
    }

    /** Calls a control endpoint and expects success. */
    JsonNode control(String method, String path, String body) {
        HttpResponse<String> answer = send(method, path, Map.of("Content-Type", "application/json"), body);
        if (answer.statusCode() != 200) {
            throw new AssertionError(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return Json.MAPPER.readTree(answer.body());
    }

    /** Calls the API as curl would. */
    HttpResponse<String> form(String method, String path, String form, String... headers) {
        Map<String, String> all = new HashMap<>(Map.of("Content-Type", "application/x-www-form-urlencoded"));
        all.put("Authorization", "Bearer " + sandbox.secretKey());
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return send(method, path, all, form);
    }

    HttpResponse<String> send(String method, String path, Map<String, String> headers, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(sandbox.baseUrl() + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
