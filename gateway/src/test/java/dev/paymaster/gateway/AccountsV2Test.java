package dev.paymaster.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.events.Topics;
import dev.paymaster.gateway.Http.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Receivers' accounts are opened by Accounts v2 when the settings say so. */
class AccountsV2Test {
    private static final Sandbox STRIPE = new Sandbox();
    private static final EmbeddedBroker BROKER = EmbeddedBroker.startTemporary();
    private static RunningGateway gateway;
    private static Http admin;

    @BeforeAll
    static void start() {
        String[] settings = Arrays.copyOf(STRIPE.settings(), STRIPE.settings().length + 1);
        settings[settings.length - 1] = "--connect.api=v2";
        gateway = RunningGateway.start("gateway_accounts_v2", BROKER, settings);
        admin = new Http(gateway.url(), RunningGateway.ADMIN_KEY);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        BROKER.close();
        STRIPE.close();
    }

    @Test
    void opensARecipientWhoMayGetTransfers() {
        Answer user = admin.post("/api/users", "{\"name\": \"Bob\", \"email\": \"bob@example.com\"}");
        Http receiver = admin.as(user.body().path("key").asString());
        try (ScriptedWorker worker = new ScriptedWorker(gateway, Topics.PAYOUT_COMMANDS)) {
            Answer begun = receiver.post("/api/stripe/connect", "{}");

            assertThat(begun.status()).isEqualTo(200);
            String accountId = begun.body().path("account_id").asString();
            JsonNode account = STRIPE.get("/v2/core/accounts/" + accountId + "?include%5B0%5D=configuration.recipient");
            assertThat(account.at("/metadata/user_id").asString())
                    .isEqualTo(user.body().at("/user/id").asString());
            assertThat(account.path("contact_email").asString()).isEqualTo("bob@example.com");
            assertThat(account.at("/configuration/recipient/capabilities/stripe_balance/stripe_transfers")
                            .isMissingNode())
                    .isFalse();
            assertThat(URI.create(begun.body().path("url").asString()).getPath())
                    .contains(accountId);
            assertThat(accountIn(worker.next())).isEqualTo(accountId);
            assertThat(receiver.post("/api/stripe/connect", "{}")
                            .body()
                            .path("account_id")
                            .asString())
                    .isEqualTo(accountId);
        }
    }

    @Test
    void opensAnotherAccountWhenTheOwnerHasDisconnectedTheFirst() {
        Http receiver = receiver();
        String first = receiver.post("/api/stripe/connect", "{}")
                .body()
                .path("account_id")
                .asString();
        STRIPE.post("/_sandbox/accounts/" + first + "/deauthorize", "{}");

        Answer begun = receiver.post("/api/stripe/connect", "{}");

        assertThat(begun.status()).isEqualTo(200);
        assertThat(begun.body().path("account_id").asString())
                .startsWith("acct_")
                .isNotEqualTo(first);
    }

    /** Stripe sends whoever opens a link of an account that is gone to where new ones are made. */
    @Test
    void leadsToAnotherAccountFromALinkOfOneThatIsGone() throws IOException, InterruptedException {
        Answer begun = receiver().post("/api/stripe/connect", "{}");
        String first = begun.body().path("account_id").asString();
        STRIPE.post("/_sandbox/accounts/" + first + "/deauthorize", "{}");
        URI refresh = sentOnFrom(URI.create(begun.body().path("url").asString()));

        URI link = sentOnFrom(gateway.url().resolve(refresh.getPath() + "?" + refresh.getQuery()));

        assertThat(link.getPath()).contains("acct_").doesNotContain(first);
    }

    private static URI sentOnFrom(URI page) throws IOException, InterruptedException {
        try (HttpClient browser = HttpClient.newHttpClient()) {
            var answer = browser.send(HttpRequest.newBuilder(page).build(), BodyHandlers.discarding());
            assertThat(answer.statusCode()).isEqualTo(303);
            return URI.create(answer.headers().firstValue("Location").orElseThrow());
        }
    }

    /** Of an account that payout-worker has never heard of, nobody would ask Stripe, however long payouts wait for it. */
    @Test
    void tellsOfAnAccountBeforeItIsRemembered() {
        Http receiver = receiver();
        gateway.owner.execute("REVOKE INSERT ON identity.connected_account FROM paymaster_gateway");
        try (ScriptedWorker worker = new ScriptedWorker(gateway, Topics.PAYOUT_COMMANDS)) {
            assertThat(receiver.post("/api/stripe/connect", "{}").status()).isGreaterThanOrEqualTo(500);

            String told = accountIn(worker.next());
            gateway.owner.execute("GRANT INSERT ON identity.connected_account TO paymaster_gateway");
            assertThat(receiver.post("/api/stripe/connect", "{}")
                            .body()
                            .path("account_id")
                            .asString())
                    .isEqualTo(told);
        } finally {
            gateway.owner.execute("GRANT INSERT ON identity.connected_account TO paymaster_gateway");
        }
    }

    private static String accountIn(ConsumerRecord<byte[], byte[]> command) {
        return JsonMapper.shared().readTree(command.value()).path("account_id").asString();
    }

    private static Http receiver() {
        return admin.as(admin.post("/api/users", "{\"name\": \"Bob\", \"email\": \"bob@example.com\"}")
                .body()
                .path("key")
                .asString());
    }

    @Test
    void wantsAnEMailAddressAsStripeDoes() {
        String key = admin.post("/api/users", "{\"name\": \"Bob " + UUID.randomUUID() + "\"}")
                .body()
                .path("key")
                .asString();

        Answer refused = admin.as(key).post("/api/stripe/connect", "{}");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("email_missing");
    }
}
