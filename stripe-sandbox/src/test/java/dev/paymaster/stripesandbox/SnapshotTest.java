package dev.paymaster.stripesandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.stripe.model.checkout.Session;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second start remembers everything, however the first one ended. */
class SnapshotTest {
    @TempDir
    Path folder;

    @Test
    void remembersEverything() throws Exception {
        Session session;
        HttpResponse<String> created;
        try (Running first = new Running(settings())) {
            first.advance(Duration.ofDays(5));
            session = first.paid(first.customer().getId());
            created = first.form("POST", "/v1/products", "name=a", "Idempotency-Key", "k");
        }

        try (Running second = new Running(settings())) {
            Session again = second.stripe.v1().checkout().sessions().retrieve(session.getId());
            assertThat(again.toJson()).isEqualTo(session.toJson());
            assertThat(second.form("POST", "/v1/products", "name=a", "Idempotency-Key", "k")
                            .body())
                    .isEqualTo(created.body());
            assertThat(second.customer().getCreated()).isGreaterThanOrEqualTo(session.getCreated());
            assertThat(second.stripe
                            .v1()
                            .balance()
                            .retrieve()
                            .getAvailable()
                            .getFirst()
                            .getAmount())
                    .isEqualTo(1_000);
        }
    }

    @Test
    void aPlannedChangeAndAFailedPaymentSurvive() throws Exception {
        String subscription;
        try (Running first = new Running(settings())) {
            first.sandbox.prices(Map.of("lite", 500));
            Session session = first.paid(first.customer().getId());
            subscription = session.getSubscription();
            first.control(
                    "POST",
                    "/_sandbox/subscriptions/" + subscription + "/change",
                    "{\"price\":\"price_paymaster_lite\"}");
            first.control(
                    "POST",
                    "/_sandbox/customers/" + session.getCustomer() + "/card",
                    "{\"card\":\"4000000000000341\"}");
        }

        try (Running second = new Running(settings())) {
            second.advance(Duration.ofDays(31));
            assertThat(second.stripe.v1().subscriptions().retrieve(subscription).getStatus())
                    .isEqualTo("past_due");
            assertThat(second.events("invoice.payment_failed"))
                    .extracting(invoice -> invoice.required("amount_due").longValue())
                    .containsExactly(500L);
        }
    }

    @Test
    void deliversWhatWasUndelivered() throws Exception {
        try (Receiver receiver = new Receiver()) {
            String secret;
            receiver.answer(attempt -> 503);
            try (Running first = new Running(settings())) {
                secret = first.sandbox.addWebhook(receiver.url(), false);
                first.customer();
                await().until(() -> !receiver.deliveries().isEmpty());
            }
            receiver.answer(attempt -> 200);
            int before = receiver.deliveries().size();

            try (Running second = new Running(settings())) {
                assertThat(second.sandbox.addWebhook(receiver.url(), false)).isEqualTo(secret);
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> receiver.deliveries().size() > before);
                assertThat(receiver.types(secret)).containsOnly("customer.created");
            }
        }
    }

    @Test
    void aKilledSandboxForgetsNothingItAnswered() throws Exception {
        Path copy = folder.resolve("copy.json");
        String customer;
        try (Running running = new Running(settings())) {
            customer = running.customer().getId();
            Files.copy(file(), copy);
        }
        Files.writeString(copy, "[{\"kind\":\"CUSTOMER\",\"put\":{\"id\":\"cus_to", StandardOpenOption.APPEND);

        try (Running restarted = new Running(SandboxSettings.defaults().withSnapshot(copy))) {
            assertThat(restarted.stripe.v1().customers().retrieve(customer).getEmail())
                    .isEqualTo("sender@example.com");
        }
    }

    @Test
    void aDamagedSnapshotIsNamed() throws Exception {
        Files.writeString(file(), "nonsense\n[]\n");

        assertThatThrownBy(() -> StripeSandbox.start(settings()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(file().toString());
        assertThat(Files.readString(file())).startsWith("nonsense");
    }

    @Test
    void aTakenPortIsNamed() {
        try (Running running = new Running()) {
            int port = running.sandbox.baseUrl().getPort();

            assertThatThrownBy(
                            () -> StripeSandbox.start(SandboxSettings.defaults().withPort(port)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(String.valueOf(port));
        }
    }

    private Path file() {
        return folder.resolve("stripe.json");
    }

    private SandboxSettings settings() {
        return SandboxSettings.defaults().withSnapshot(file());
    }
}
