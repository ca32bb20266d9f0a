package dev.paymaster.stripesandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.model.checkout.Session;
import dev.paymaster.stripesandbox.state.Json;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The control endpoints' edges, the rate limit, the command line. */
class ControlTest {
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
    void aDeclinedCardLeavesTheSessionOpen() throws Exception {
        Session session = running.session(null);
        String path = "/_sandbox/checkout/sessions/" + session.getId() + "/complete";

        HttpResponse<String> declined = running.send("POST", path, Map.of(), "{\"card\":\"4000000000000002\"}");
        String redirect = Json.require(running.control("POST", path, ""), "redirect");

        assertThat(declined.statusCode()).isEqualTo(402);
        assertThat(declined.body()).contains("generic_decline");
        assertThat(redirect).isEqualTo("https://example.com/thanks?session=" + session.getId());
        assertThat(running.send("POST", path, Map.of(), "").statusCode()).isEqualTo(400);
    }

    @Test
    void aResetKeepsWhoListensAndWhatIsForSale() throws Exception {
        running.sandbox.addWebhook(URI.create("http://127.0.0.1:9/"), false);
        running.fund(5);
        running.customer();

        running.control("POST", "/_sandbox/reset", "");

        assertThat(running.stripe.v1().customers().list().getData()).isEmpty();
        assertThat(running.stripe.v1().webhookEndpoints().list().getData()).hasSize(1);
        assertThat(running.stripe.v1().prices().list().getData()).hasSize(1);
        assertThat(running.stripe
                        .v1()
                        .balance()
                        .retrieve()
                        .getAvailable()
                        .getFirst()
                        .getAmount())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "POST | /_sandbox/clock/advance | {\"seconds\":-1}             | 400",
                "POST | /_sandbox/clock/advance | {\"seconds\":1.5}            | 400",
                "POST | /_sandbox/clock/advance | {\"seconds\":\"1\"}          | 400",
                "POST | /_sandbox/clock/advance | {}                           | 400",
                "POST | /_sandbox/clock/advance | {\"second\":1}               | 400",
                "POST | /_sandbox/clock/advance | [                            | 400",
                "POST | /_sandbox/balance       | {\"available\":1e99}         | 400",
                "POST | /_sandbox/accounts/acct_none/onboard | {\"outcome\":\"complete\"} | 403",
                "POST | /_sandbox/accounts/acct_none/onboard | {\"outcome\":\"what\"}     | 400",
                "POST | /_sandbox/accounts/acct_none/onboard | {\"outcome\":\"complete\", \"external_account\":1} | 400",
                "POST | /_sandbox/checkout/sessions/none/complete | {}         | 404",
                "POST | /_sandbox/checkout/sessions/none/complete | {\"card\":4} | 400",
                "POST | /_sandbox/events/none/resend | {}                      | 404",
                "POST | /_sandbox/refunds/re_none/fail  | {}                   | 404",
                "POST | /_sandbox/disputes      | {}                           | 400",
                "POST | /_sandbox/disputes      | {\"charge\":\"ch_none\"} | 400",
                "POST | /_sandbox/disputes/none/close | {}                     | 404",
                "POST | /_sandbox/disputes/none/close | {\"outcome\":\"x\"} | 404",
                "POST | /_sandbox/customers/none/card | {}                     | 400",
                "POST | /_sandbox/subscriptions/none/change | {}               | 404",
                "POST | /_sandbox/accounts/acct_none/capabilities | {}         | 403",
                "POST | /_sandbox/accounts/acct_none/deauthorize | {}          | 403",
                "POST | /_sandbox/checkout/sessions/none/settle | {}           | 404",
                "POST | /_sandbox/webhook_endpoints/none/roll | {}             | 404",
                "GET  | /_sandbox/nonsense      | {}                           | 404",
                "DELETE | /_sandbox/balance     | {}                           | 404",
            })
    void refusesWhatItDoesNotUnderstand(String method, String path, String body, int status) {
        assertThat(running.send(method, path, Map.of(), body).statusCode()).isEqualTo(status);
    }

    @Test
    void refusesOtherSites() {
        Map<String, String> headers = Map.of("Origin", "https://evil.example");

        assertThat(running.send("POST", "/_sandbox/reset", headers, "").statusCode())
                .isEqualTo(403);
    }

    @Test
    void limitsRatesWhenToldTo() {
        AtomicLong nanos = new AtomicLong();
        RateLimiter limiter = new RateLimiter(List.of(new RateLimit("POST", "/v1/transfers", 2)), nanos::get);

        assertThat(limiter.admits("POST", "/v1/transfers")).isTrue();
        assertThat(limiter.admits("POST", "/v1/transfers")).isTrue();
        assertThat(limiter.admits("POST", "/v1/transfers")).isFalse();
        assertThat(limiter.admits("GET", "/v1/transfers")).isTrue();
        nanos.addAndGet(500_000_000);
        assertThat(limiter.admits("POST", "/v1/transfers")).isTrue();
        assertThat(limiter.admits("POST", "/v1/transfers")).isFalse();
    }

    @Test
    void answersBeyondTheLimitWith429() {
        SandboxSettings settings =
                SandboxSettings.defaults().withRateLimits(List.of(new RateLimit("*", "/v1/balance", 1)));
        try (Running limited = new Running(settings)) {
            limited.form("GET", "/v1/balance", "");
            HttpResponse<String> beyond = limited.form("GET", "/v1/balance", "");

            assertThat(beyond.statusCode()).isEqualTo(429);
            assertThat(beyond.headers().firstValue("Stripe-Rate-Limited-Reason"))
                    .contains("endpoint-rate");
        }
    }

    @Test
    void theCommandLineSaysHowToUseIt() {
        StripeSandboxApplication.Options options = StripeSandboxApplication.Options.parse(
                "--port",
                "0",
                "--webhook",
                "http://127.0.0.1:9/hook",
                "--webhook-secret",
                "whsec_x",
                "--prices",
                "starter=1000,pro=2500",
                "--key",
                "sk_test_mine",
                "--rate-limit",
                "POST /v1/transfers=25");
        try (StripeSandbox sandbox = StripeSandbox.start(options.settings())) {
            assertThat(StripeSandboxApplication.describe(sandbox, options))
                    .containsExactly(
                            "STRIPE_API_BASE=" + sandbox.baseUrl(),
                            "STRIPE_SECRET_KEY=sk_test_mine",
                            "STRIPE_WEBHOOK_SECRET=whsec_x",
                            "STRIPE_PRICE_STARTER=price_paymaster_starter",
                            "STRIPE_PRICE_PRO=price_paymaster_pro");
        }
        assertThat(options.settings().rateLimits()).containsExactly(new RateLimit("POST", "/v1/transfers", 25));
    }

    @ParameterizedTest
    @CsvSource({"--port,x", "--port,70000", "--nonsense,1", "--prices,starter", "--rate-limit,25", "--key,sk_live_x"})
    void refusesACommandLineThatItDoesNotUnderstand(String option, String value) {
        assertThatThrownBy(() -> StripeSandboxApplication.Options.parse(option, value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> StripeSandboxApplication.Options.parse(option))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
