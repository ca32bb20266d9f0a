package dev.paymaster.credit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.credit.stripe.StripeJson;
import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.events.Topics;
import dev.paymaster.events.credit.CreditCommand.GrantCredits;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StripeOffTest {
    @Test
    void theServiceIdlesAndLeavesStripesEventsWhereTheyAre() throws Exception {
        UUID user = UUID.randomUUID();
        try (CreditWorld world = new CreditWorld("credit_stripe_off", EmbeddedBroker.shared(), "")) {
            world.stripe(
                    "cus_1",
                    "evt_1",
                    "invoice.paid",
                    StripeJson.invoicePaid(
                            "evt_1",
                            "in_1",
                            "cus_1",
                            "sub_1",
                            user,
                            StripeJson.line(StripeJson.STARTER, 1000, Instant.EPOCH, Instant.EPOCH.plusSeconds(1))));
            world.command("command-1", user, new GrantCredits(user, 7, "a gift", null));
            world.settle(Topics.CREDIT_COMMANDS);

            assertThat(world.available(user)).isEqualTo(7);
            assertThat(world.processed(Topics.STRIPE_EVENTS)).isZero();
            assertThat(world.service.containsBean("stripeEvents")).isFalse();
            assertThat(get(world, "/actuator/health/readiness")).contains("\"status\":\"UP\"");
            assertThat(get(world, "/actuator/prometheus")).contains("paymaster_batch_records");
        }
    }

    private static String get(CreditWorld world, String path) throws Exception {
        String port = world.service.getEnvironment().getRequiredProperty("local.server.port");
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return response.body();
        }
    }
}
