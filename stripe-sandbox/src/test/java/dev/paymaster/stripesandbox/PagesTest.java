package dev.paymaster.stripesandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.model.Account;
import com.stripe.model.Subscription;
import com.stripe.model.checkout.Session;
import com.stripe.param.AccountLinkCreateParams;
import com.stripe.param.billingportal.SessionCreateParams;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages, used as a browser without scripts uses them. */
class PagesTest {
    private Running running;

    @BeforeEach
    void start() {
        running = new Running();
    }

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    void checkoutTakesACardAndSendsTheBuyerBack() throws Exception {
        Session session = running.session(running.customer().getId());

        HttpResponse<String> page = get(session.getUrl());
        HttpResponse<String> paid = post(session.getUrl(), "card", "4242 4242 4242 4242");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains(
                        "<html lang=\"en\">",
                        "1 × starter",
                        "$10.00",
                        "<label for=\"card\">",
                        "https://example.com/back")
                .doesNotContain("<script", "http-equiv");
        assertThat(paid.statusCode()).isEqualTo(303);
        assertThat(paid.headers().firstValue("Location"))
                .contains("https://example.com/thanks?session=" + session.getId());
        assertThat(running.stripe
                        .v1()
                        .checkout()
                        .sessions()
                        .retrieve(session.getId())
                        .getStatus())
                .isEqualTo("complete");
        assertThat(get(session.getUrl()).body()).contains("Paid");
        assertThat(post(session.getUrl(), "card", "4242 4242 4242 4242").statusCode())
                .isEqualTo(409);
    }

    @ParameterizedTest
    @CsvSource({
        "4000 0000 0000 0002, Your card was declined.",
        "4000000000009995,    Your card has insufficient funds.",
        "1234,                is not a test card",
        "<script>,            is not a test card",
    })
    void checkoutShowsWhyACardWasRefused(String card, String message) throws Exception {
        Session session = running.session(null);

        HttpResponse<String> answer = post(session.getUrl(), "card", card);

        assertThat(answer.statusCode()).isEqualTo(402);
        assertThat(answer.body()).contains("role=\"alert\"", message).doesNotContain("<script>");
        assertThat(running.stripe
                        .v1()
                        .checkout()
                        .sessions()
                        .retrieve(session.getId())
                        .getStatus())
                .isEqualTo("open");
        assertThat(post(session.getUrl(), "card", "4242424242424242").statusCode())
                .isEqualTo(303);
    }

    @Test
    void checkoutMakesACustomerForAStranger() throws Exception {
        Session session = running.session(null);
        assertThat(get(session.getUrl()).body()).contains("type=\"email\"");

        running.send("POST", path(session.getUrl()), Map.of(), "card=4242424242424242&email=stranger%40example.com");

        Session paid = running.stripe.v1().checkout().sessions().retrieve(session.getId());
        assertThat(running.stripe.v1().customers().retrieve(paid.getCustomer()).getEmail())
                .isEqualTo("stranger@example.com");
        assertThat(paid.getCustomerDetails().getEmail()).isEqualTo("stranger@example.com");
    }

    @Test
    void checkoutExpires() throws Exception {
        Session session = running.session(null);
        running.advance(Duration.ofHours(25));

        assertThat(post(session.getUrl(), "card", "4242424242424242").body()).contains("expired");
        assertThat(running.stripe
                        .v1()
                        .checkout()
                        .sessions()
                        .retrieve(session.getId())
                        .getStatus())
                .isEqualTo("expired");
    }

    @ParameterizedTest
    @CsvSource({"complete, active, true", "restrict, inactive, true", "leave, inactive, false"})
    void onboardingEndsAsThePersonChooses(String choice, String transfers, boolean submitted) throws Exception {
        Account account = running.account();
        HttpResponse<String> page = get(link(account));

        HttpResponse<String> sent = post(action(page), "choice", choice);

        assertThat(sent.statusCode()).isEqualTo(303);
        assertThat(sent.headers().firstValue("Location")).contains("https://example.com/return");
        Account after = running.stripe.v1().accounts().retrieve(account.getId());
        assertThat(after.getCapabilities().getTransfers()).isEqualTo(transfers);
        assertThat(after.getDetailsSubmitted()).isEqualTo(submitted);
        assertThat(after.getPayoutsEnabled()).isEqualTo(transfers.equals("active"));
        assertThat(after.getRequirements().getCurrentlyDue().isEmpty()).isEqualTo(transfers.equals("active"));
        assertThat(post(action(page), "choice", "complete").statusCode()).isEqualTo(404);
    }

    @Test
    void anAccountLinkOpensOnce() throws Exception {
        String link = link(running.account());

        assertThat(get(link).statusCode()).isEqualTo(200);
        HttpResponse<String> again = get(link);

        assertThat(again.statusCode()).isEqualTo(303);
        assertThat(again.headers().firstValue("Location")).contains("https://example.com/refresh");
    }

    @Test
    void anAccountLinkExpires() throws Exception {
        String link = link(running.account());
        running.advance(Duration.ofMinutes(6));

        assertThat(get(link).headers().firstValue("Location")).contains("https://example.com/refresh");
    }

    @Test
    void thePortalCancelsAndKeeps() throws Exception {
        Session session = running.paid(running.customer().getId());
        String portal = running.stripe
                .v1()
                .billingPortal()
                .sessions()
                .create(SessionCreateParams.builder()
                        .setCustomer(session.getCustomer())
                        .setReturnUrl("https://example.com/account")
                        .build())
                .getUrl();
        assertThat(get(portal).body()).contains("$10.00 per month, renews on", "https://example.com/account");

        String form = "subscription=" + session.getSubscription() + "&choice=";
        assertThat(running.send("POST", path(portal), Map.of(), form + "cancel").statusCode())
                .isEqualTo(303);
        Subscription cancelled = running.stripe.v1().subscriptions().retrieve(session.getSubscription());
        assertThat(get(portal).body()).contains("ends on", "Keep it");
        running.send("POST", path(portal), Map.of(), form + "keep");

        assertThat(cancelled.getCancelAtPeriodEnd()).isTrue();
        assertThat(running.stripe
                        .v1()
                        .subscriptions()
                        .retrieve(session.getSubscription())
                        .getCancelAtPeriodEnd())
                .isFalse();
    }

    @Test
    void thePortalChangesThePlan() throws Exception {
        running.sandbox.prices(Map.of("pro", 2500));
        Session session = running.paid(running.customer().getId());
        String portal = running.stripe
                .v1()
                .billingPortal()
                .sessions()
                .create(SessionCreateParams.builder()
                        .setCustomer(session.getCustomer())
                        .build())
                .getUrl();
        assertThat(get(portal).body()).contains("Change to pro, $25.00");

        String form = "subscription=" + session.getSubscription() + "&price=price_paymaster_";
        running.send("POST", path(portal), Map.of(), form + "pro");
        assertThat(get(portal).body()).contains("$25.00 per month", "Change to starter");
        assertThat(running.events("invoice.paid"))
                .extracting(invoice -> invoice.required("billing_reason").stringValue())
                .containsExactly("subscription_update", "subscription_create");
        running.send("POST", path(portal), Map.of(), form + "starter");

        assertThat(get(portal).body()).contains("$25.00 per month", "Another plan is waiting");
        running.advance(Duration.ofDays(31));
        assertThat(get(portal).body()).contains("$10.00 per month");
    }

    @Test
    void theDashboardShowsWhatWasPaid() throws Exception {
        Account account = running.payable();
        running.fund(1_000);
        running.form("POST", "/v1/transfers", "amount=123&currency=usd&destination=" + account.getId());
        String login = running.stripe
                .v1()
                .accounts()
                .loginLinks()
                .create(account.getId())
                .getUrl();

        assertThat(get(login).body()).contains("$1.23 earned", account.getId());
    }

    @ParameterizedTest
    @CsvSource({"/c/pay/none", "/setup/s/acct_x/none", "/setup/v/none", "/p/session/none", "/express/none", "/x/y/z"})
    void whatIsNotThereIsNotFound(String path) {
        assertThat(running.send("GET", path, Map.of(), "").statusCode()).isEqualTo(404);
        assertThat(running.send("POST", path, Map.of(), "choice=complete&card=1&subscription=s")
                        .statusCode())
                .isEqualTo(404);
        assertThat(running.send("DELETE", path, Map.of(), "").statusCode()).isEqualTo(404);
    }

    private String link(Account account) throws Exception {
        return running.stripe
                .v1()
                .accountLinks()
                .create(AccountLinkCreateParams.builder()
                        .setAccount(account.getId())
                        .setType(AccountLinkCreateParams.Type.ACCOUNT_ONBOARDING)
                        .setRefreshUrl("https://example.com/refresh")
                        .setReturnUrl("https://example.com/return")
                        .build())
                .getUrl();
    }

    private static String action(HttpResponse<String> page) {
        Matcher action = Pattern.compile("action=\"([^\"]+)\"").matcher(page.body());
        assertThat(action.find()).isTrue();
        return action.group(1);
    }

    private HttpResponse<String> get(String url) {
        return running.send("GET", path(url), Map.of(), "");
    }

    private HttpResponse<String> post(String url, String field, String value) {
        return running.send(
                "POST", path(url), Map.of(), field + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    private static String path(String url) {
        return URI.create(url).getPath();
    }
}
