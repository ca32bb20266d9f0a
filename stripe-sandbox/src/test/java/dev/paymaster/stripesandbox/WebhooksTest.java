package dev.paymaster.stripesandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.stripe.model.Event;
import com.stripe.param.EventListParams;
import com.stripe.param.WebhookEndpointCreateParams;
import dev.paymaster.stripesandbox.state.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** At least once, signed, retried, logged; late, twice or never when told so. */
class WebhooksTest {
    private Receiver receiver;
    private Running running;

    @BeforeEach
    void start() throws IOException {
        receiver = new Receiver();
        running = new Running();
    }

    @AfterEach
    void stop() {
        running.close();
        receiver.close();
    }

    @Test
    void anEventSaysWhatHappenedAndWhy() throws Exception {
        String secret = listen();

        String customer = running.customer().getId();

        soon(() -> assertThat(receiver.events(secret)).singleElement().satisfies(event -> {
            assertThat(event.getType()).isEqualTo("customer.created");
            assertThat(event.getApiVersion()).isEqualTo("2026-07-29.dahlia");
            assertThat(event.getLivemode()).isFalse();
            assertThat(event.getPendingWebhooks()).isEqualTo(1);
            assertThat(event.getRequest().getId()).startsWith("req_");
            assertThat(event.getDataObjectDeserializer().getObject()).isPresent();
            assertThat(object(event)).contains(customer);
        }));
        soon(() -> assertThat(
                        running.stripe.v1().events().list().getData().getFirst().getPendingWebhooks())
                .isZero());
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 404, 302})
    void retriesUntilSuccess(int failure) throws Exception {
        String secret = listen();
        receiver.answer(attempt -> attempt < 3 ? failure : 204);

        running.customer();

        soon(() ->
                assertThat(deliveries().path(0).path("state").stringValue("")).isEqualTo("succeeded"));
        assertThat(receiver.events(secret))
                .extracting(Event::getId)
                .hasSize(3)
                .containsOnly(deliveries().path(0).path("event").stringValue());
        assertThat(deliveries()
                        .get(0)
                        .path("attempts")
                        .valueStream()
                        .map(attempt -> attempt.path("status").asInt()))
                .containsExactly(failure, failure, 204);
    }

    @Test
    void anEndpointThatHangsHasFailed() throws Exception {
        running.close();
        running = new Running(SandboxSettings.defaults().withWebhookTimeout(Duration.ofMillis(200)));
        listen();
        CountDownLatch hang = new CountDownLatch(1);
        receiver.answer(attempt -> {
            try {
                hang.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return 200;
        });

        running.customer();

        soon(() -> assertThat(deliveries()
                        .get(0)
                        .path("attempts")
                        .path(0)
                        .path("error")
                        .stringValue(""))
                .contains("200 ms"));
        hang.countDown();
        soon(() ->
                assertThat(deliveries().path(0).path("state").stringValue("")).isEqualTo("succeeded"));
    }

    @Test
    void eachSideHearsItsOwnEvents() throws Exception {
        String secret = running.sandbox.addWebhook(receiver.url(), true);

        running.customer();
        running.payable();

        soon(() ->
                assertThat(receiver.types(secret)).contains("account.updated").doesNotContain("customer.created"));
    }

    @Test
    void anEndpointHearsOnlyWhatItAskedFor() throws Exception {
        String secret = running.stripe
                .v1()
                .webhookEndpoints()
                .create(WebhookEndpointCreateParams.builder()
                        .setUrl(receiver.url().toString())
                        .addEnabledEvent(WebhookEndpointCreateParams.EnabledEvent.INVOICE__PAID)
                        .build())
                .getSecret();

        running.paid(running.customer().getId());

        soon(() -> assertThat(receiver.types(secret)).containsExactly("invoice.paid"));
    }

    @Test
    void anEndpointKeepsItsSecret() {
        String secret = listen();

        assertThat(listen()).isEqualTo(secret);
        assertThat(running.sandbox.addWebhook(receiver.url(), true)).isNotEqualTo(secret);
        assertThat(running.sandbox.addWebhook(receiver.url(), false, "whsec_known"))
                .isEqualTo("whsec_known");
        assertThat(listen()).isEqualTo("whsec_known");
    }

    @Test
    void aDuplicateHasTheSameId() throws Exception {
        String secret = listen();
        running.faults("{\"kind\":\"webhook_duplicate\",\"events\":\"customer.*\"}");

        running.customer();

        soon(() -> assertThat(receiver.events(secret)).hasSize(2));
        assertThat(receiver.events(secret))
                .extracting(Event::getId)
                .containsOnly(eventIds().getFirst());
    }

    @Test
    void aDuplicateMayHaveItsOwnId() throws Exception {
        String secret = listen();
        running.faults("{\"kind\":\"webhook_duplicate_new_id\"}");

        running.customer();

        soon(() -> assertThat(receiver.events(secret)).hasSize(2));
        assertThat(receiver.events(secret)).extracting(Event::getId).containsExactlyInAnyOrderElementsOf(eventIds());
        assertThat(eventIds()).doesNotHaveDuplicates();
        assertThat(receiver.events(secret))
                .extracting(WebhooksTest::object)
                .containsOnly(object(receiver.events(secret).getFirst()));
    }

    @Test
    void anEventMayBeOfAnotherVersionOrLive() throws Exception {
        String secret = listen();
        running.faults("{\"kind\":\"webhook_api_version\",\"version\":\"2024-06-20\",\"times\":1},"
                + "{\"kind\":\"webhook_livemode\",\"times\":1}");

        running.customer();

        soon(() -> assertThat(receiver.events(secret)).hasSize(1));
        Event event = receiver.events(secret).getFirst();
        assertThat(event.getApiVersion()).isEqualTo("2024-06-20");
        assertThat(event.getLivemode()).isTrue();
        assertThat(event.getDataObjectDeserializer().getObject()).isEmpty();
    }

    @Test
    void bothSecretsSignWhileOneReplacesTheOther() throws Exception {
        String old = listen();
        String endpoint = running.stripe
                .v1()
                .webhookEndpoints()
                .list()
                .getData()
                .getFirst()
                .getId();
        String path = "/_sandbox/webhook_endpoints/" + endpoint + "/roll";

        String fresh = Json.require(running.control("POST", path, ""), "secret");
        running.customer();
        soon(() -> assertThat(receiver.deliveries()).hasSize(1));

        assertThat(fresh).isNotEqualTo(old);
        assertThat(receiver.types(old)).isEqualTo(receiver.types(fresh)).containsExactly("customer.created");
        String last = Json.require(running.control("POST", path, "{\"overlap_seconds\":0}"), "secret");
        running.customer();
        soon(() -> assertThat(receiver.deliveries()).hasSize(2));
        assertThat(receiver.deliveries().getLast().verified(last)).isNotNull();
        assertThatThrownBy(() -> receiver.deliveries().getLast().verified(fresh))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void aDroppedEventIsThereToBeFetchedAndResent() throws Exception {
        String secret = listen();
        running.faults("{\"kind\":\"webhook_drop\",\"times\":1}");

        running.customer();
        running.customer();

        soon(() -> assertThat(receiver.events(secret)).hasSize(1));
        soon(() -> assertThat(missed()).hasSize(1));
        String dropped = missed().getFirst();
        assertThat(receiver.events(secret).getFirst().getId()).isNotEqualTo(dropped);
        running.control("POST", "/_sandbox/events/" + dropped + "/resend", "");
        soon(() -> assertThat(receiver.events(secret)).extracting(Event::getId).contains(dropped));
        soon(() -> assertThat(missed()).isEmpty());
    }

    @Test
    void aDelayedEventIsOvertaken() throws Exception {
        String secret = listen();
        running.faults("{\"kind\":\"webhook_delay\",\"millis\":700,\"times\":1}");

        String first = running.customer().getId();
        String second = running.customer().getId();

        soon(() -> assertThat(receiver.events(secret)).hasSize(2));
        assertThat(receiver.events(secret).getFirst().toJson()).contains(second);
        assertThat(receiver.events(secret).getLast().toJson()).contains(first);
    }

    @Test
    void reorderingLosesNothing() throws Exception {
        String secret = listen();
        running.faults("{\"kind\":\"webhook_reorder\",\"window_millis\":300}");

        for (int i = 0; i < 10; i++) {
            running.customer();
        }

        soon(() -> assertThat(receiver.events(secret)).hasSize(10));
        assertThat(receiver.events(secret)).extracting(Event::getId).containsExactlyInAnyOrderElementsOf(eventIds());
        assertThat(receiver.events(secret).stream().map(Event::getId).toList())
                .isNotEqualTo(eventIds().reversed());
    }

    @Test
    void theLogOfDeliveriesHasPagesAndStates() throws Exception {
        listen();
        running.customer();
        soon(() -> assertThat(running.control("GET", "/_sandbox/deliveries?state=succeeded", "")
                        .required("data"))
                .hasSize(1));

        receiver.answer(attempt -> 503);
        for (int i = 0; i < 1_000; i++) {
            running.customer();
        }

        JsonNode newest = running.control("GET", "/_sandbox/deliveries?state=pending", "");
        assertThat(newest.required("data")).hasSize(1_000);
        assertThat(newest.required("has_more").booleanValue()).isFalse();
        JsonNode page = running.control("GET", "/_sandbox/deliveries", "");
        assertThat(page.required("has_more").booleanValue()).isTrue();
        JsonNode rest = running.control(
                "GET",
                "/_sandbox/deliveries?starting_after=" + page.at("/data/999/id").stringValue(),
                "");
        assertThat(rest.required("data").valueStream().map(each -> Json.require(each, "state")))
                .containsExactly("succeeded");
        assertThat(rest.required("has_more").booleanValue()).isFalse();
        assertThat(rest.required("complete").booleanValue()).isTrue();
    }

    private String listen() {
        return running.sandbox.addWebhook(receiver.url(), false);
    }

    private JsonNode deliveries() {
        return running.control("GET", "/_sandbox/deliveries", "").required("data");
    }

    private List<String> eventIds() {
        return Json.MAPPER
                .readTree(running.form("GET", "/v1/events?type=customer.*&limit=100", "")
                        .body())
                .path("data")
                .valueStream()
                .map(event -> Json.require(event, "id"))
                .toList();
    }

    private List<String> missed() throws Exception {
        return running
                .stripe
                .v1()
                .events()
                .list(EventListParams.builder().setDeliverySuccess(false).build())
                .getData()
                .stream()
                .map(Event::getId)
                .toList();
    }

    private static String object(Event event) {
        return event.getDataObjectDeserializer().getRawJson();
    }

    private static void soon(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(10)).untilAsserted(assertion);
    }
}
