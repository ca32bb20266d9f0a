package dev.paymaster.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.events.Topics;
import dev.paymaster.gateway.Http.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Receivers' accounts are opened by Accounts v2 when the settings say so. */
class AccountsV2Test {
    /** At once. */
    private static final int LINKS = 10;

    private static final Sandbox STRIPE = new Sandbox();
    private static final EmbeddedBroker BROKER = EmbeddedBroker.startTemporary();
    private static RunningGateway gateway;
    private static Http admin;

    @BeforeAll
    static void start() {
        List<String> settings = new ArrayList<>(List.of(STRIPE.settings()));
        settings.add("--connect.api=v2");
        gateway = RunningGateway.start("gateway_accounts_v2", BROKER, settings.toArray(String[]::new));
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

    /** Its event may have been lost; without this, nobody would be told to connect again. */
    @Test
    void tellsWhoeverLooksThatTheirAccountIsGone() {
        Http receiver = receiver();
        String account = known(receiver);
        STRIPE.post("/_sandbox/accounts/" + account + "/deauthorize", "{}");
        try (ScriptedWorker worker = new ScriptedWorker(gateway, Topics.PAYOUT_COMMANDS)) {
            Answer status = receiver.get("/api/stripe/connect/status");

            assertThat(status.status()).isEqualTo(200);
            assertThat(status.body().path("status").asString()).isEqualTo("restricted");
            JsonNode told = JsonMapper.shared().readTree(worker.next().value());
            assertThat(told.path("account_id").asString()).isEqualTo(account);
            assertThat(told.path("details_submitted").asBoolean()).isTrue();
            assertThat(told.path("transfers").asString()).isEqualTo("inactive");
        }
    }

    @Test
    void takesNoOtherRefusalForAnAccountThatIsGone() {
        Http receiver = receiver();
        known(receiver);
        STRIPE.fault("forbidden", "GET", "/v1/accounts/*", "");
        try {
            assertThat(receiver.get("/api/stripe/connect/status")
                            .body()
                            .path("status")
                            .asString())
                    .isEqualTo("active");
        } finally {
            STRIPE.heal();
        }
    }

    /** Opens an account that payout-worker was told to be active, long ago. */
    private static String known(Http receiver) {
        String account = receiver.post("/api/stripe/connect", "{}")
                .body()
                .path("account_id")
                .asString();
        gateway.owner.update("""
                INSERT INTO api.receiver_account
                SELECT user_id, account_id, 'active', true, 'active', true, '{}', now() - interval '2 hours'
                FROM identity.connected_account WHERE account_id = ?""", account);
        return account;
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

    /** Each is a call to Stripe. */
    @Test
    void makesFewLinksForOneUserWhateverCallsForThem() throws IOException, InterruptedException {
        URI refresh = refreshLink();
        List<Integer> answers = new ArrayList<>();
        for (int i = 0; i < 3 * LINKS; i++) {
            answers.add(browse(refresh).statusCode());
        }

        assertThat(answers.subList(0, LINKS)).containsOnly(303);
        assertThat(answers).contains(429).isSubsetOf(303, 429);
        assertThat(browse(refreshLink()).statusCode()).as("somebody else's").isEqualTo(303);
    }

    private static URI refreshLink() throws IOException, InterruptedException {
        URI page = begin(receiver());
        assertThat(browse(page).statusCode()).isEqualTo(200);
        URI refresh = sentOnFrom(page); // it has been used
        return gateway.url().resolve(refresh.getPath() + "?" + refresh.getQuery());
    }

    /** The call takes no body, so nobody can be led elsewhere by one. */
    @Test
    void leadsBackToItselfWhateverABodySays() throws IOException, InterruptedException {
        URI page = URI.create(receiver()
                .post(
                        "/api/stripe/connect",
                        "{\"return_url\": \"https://elsewhere.example/\", \"refresh_url\": \"https://elsewhere.example/\"}")
                .body()
                .path("url")
                .asString());
        Matcher form =
                Pattern.compile("action=\"([^\"]+)\"").matcher(browse(page).body());
        assertThat(form.find()).isTrue();

        assertThat(sentOnFrom(HttpRequest.newBuilder(page.resolve(form.group(1)))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("choice=leave"))))
                .isEqualTo(URI.create("http://localhost:3000/onboarding-done.html"));
        assertThat(sentOnFrom(page).getAuthority()).isEqualTo("localhost:3000");
    }

    private static URI begin(Http receiver) {
        return URI.create(
                receiver.post("/api/stripe/connect", "{}").body().path("url").asString());
    }

    private static HttpResponse<String> browse(URI page) throws IOException, InterruptedException {
        return browse(HttpRequest.newBuilder(page));
    }

    private static HttpResponse<String> browse(HttpRequest.Builder request) throws IOException, InterruptedException {
        try (HttpClient browser = HttpClient.newHttpClient()) {
            return browser.send(request.build(), BodyHandlers.ofString());
        }
    }

    private static URI sentOnFrom(URI page) throws IOException, InterruptedException {
        return sentOnFrom(HttpRequest.newBuilder(page));
    }

    private static URI sentOnFrom(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = browse(request);
        assertThat(answer.statusCode()).isEqualTo(303);
        return URI.create(answer.headers().firstValue("Location").orElseThrow());
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
