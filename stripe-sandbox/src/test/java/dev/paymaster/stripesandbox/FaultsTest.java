package dev.paymaster.stripesandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.ApiException;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.PermissionException;
import com.stripe.exception.RateLimitException;
import com.stripe.model.Transfer;
import com.stripe.net.RequestOptions;
import com.stripe.param.TransferCreateParams;
import com.stripe.param.TransferListParams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault does what its name says, to the effect and to the answer, as the client sees them. */
class FaultsTest {
    private Running running;
    private TransferCreateParams params;

    @BeforeEach
    void start() throws Exception {
        running = new Running();
        running.fund(1_000);
        params = TransferCreateParams.builder()
                .setAmount(100L)
                .setCurrency("usd")
                .setDestination(running.payable().getId())
                .build();
    }

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    void aLostAnswerIsReplayedUnderTheSameKey() throws Exception {
        transferFault("\"kind\":\"truncate_response\",\"times\":1");

        assertThatThrownBy(() -> transfer("key-1")).isInstanceOf(ApiConnectionException.class);
        String replayed = transfer("key-1");

        assertThat(transfers()).containsExactly(replayed);
    }

    /** The JDK's HTTP client sends a POST again by itself when its connection was cut without an answer. */
    @Test
    void aCutAfterTheEffectNeverPaysTwice() throws Exception {
        transferFault("\"kind\":\"drop_response\"");

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> transfer("key-1")).isInstanceOf(ApiConnectionException.class);
        }
        running.control("DELETE", "/_sandbox/faults", "");

        assertThat(transfers()).containsExactly(transfer("key-1"));
    }

    @Test
    void aCutBeforeTheEffectHasNone() throws Exception {
        transferFault("\"kind\":\"drop_request\"");

        assertThatThrownBy(() -> transfer("key-1")).isInstanceOf(ApiConnectionException.class);

        assertThat(transfers()).isEmpty();
    }

    @Test
    void aRateLimitNamesItsReason() {
        transferFault("\"kind\":\"rate_limit\",\"reason\":\"resource-specific\",\"times\":1");

        assertThatThrownBy(() -> transfer("key-1")).isInstanceOfSatisfying(RateLimitException.class, limited -> {
            assertThat(limited.getCode()).isEqualTo("lock_timeout");
            assertThat(limited.getStripeError().getLastResponse().headers().firstValue("Stripe-Rate-Limited-Reason"))
                    .contains("resource-specific");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"empty_body", "html_body"})
    void aForeignBodyHidesAnEffectOrNone(String kind) throws Exception {
        transferFault("\"kind\":\"" + kind + "\",\"effect\":false,\"times\":1");
        assertThatThrownBy(() -> transfer("key-1")).isInstanceOf(Exception.class);
        assertThat(transfers()).isEmpty();

        transferFault("\"kind\":\"" + kind + "\",\"times\":1");
        assertThatThrownBy(() -> transfer("key-1")).isInstanceOf(Exception.class);
        assertThat(transfers()).containsExactly(transfer("key-1"));
    }

    @Test
    void aKeyInUseIsAConflict() throws Exception {
        transferFault("\"kind\":\"key_in_use\",\"times\":1");

        assertThat(running.form("POST", "/v1/transfers", "", "Idempotency-Key", "k")
                        .statusCode())
                .isEqualTo(400);
        transferFault("\"kind\":\"key_in_use\",\"times\":1");
        assertThatThrownBy(() -> transfer("key-1"))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        conflict -> assertThat(conflict.getStatusCode()).isEqualTo(409));
        transfer("key-1");
    }

    @ParameterizedTest
    @CsvSource({"balance_insufficient, balance_insufficient", "capability_lost, insufficient_capabilities_for_transfer"
    })
    void aRefusalIsSavedUnderTheKey(String kind, String code) throws Exception {
        transferFault("\"kind\":\"" + kind + "\",\"times\":1");

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> transfer("key-1"))
                    .isInstanceOfSatisfying(
                            InvalidRequestException.class,
                            refusal -> assertThat(refusal.getCode()).isEqualTo(code));
        }
        assertThat(transfers()).isEmpty();
        assertThat(transfer("key-2")).startsWith("tr_");
    }

    @Test
    void anInvalidCallIsRefusedAndTheRefusalSaved() throws Exception {
        transferFault("\"kind\":\"invalid\",\"times\":1");

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> transfer("key-1"))
                    .isInstanceOfSatisfying(
                            InvalidRequestException.class,
                            refusal -> assertThat(refusal.getCode()).isNull());
        }
        assertThat(transfer("key-2")).startsWith("tr_");
    }

    @Test
    void whoeverIsTurnedAwayLeavesNoTrace() throws Exception {
        transferFault("\"kind\":\"unauthorized\",\"times\":1");
        assertThatThrownBy(() -> transfer("key-1")).isInstanceOf(AuthenticationException.class);
        transferFault("\"kind\":\"forbidden\",\"times\":1");
        assertThatThrownBy(() -> transfer("key-1")).isInstanceOf(PermissionException.class);

        assertThat(transfers()).isEmpty();
        assertThat(transfer("key-1")).startsWith("tr_");
    }

    @Test
    void aRuleMayStrikeOneDestination() throws Exception {
        transferFault("\"kind\":\"invalid\",\"destination\":\"acct_other\"");
        assertThat(transfer("key-1")).startsWith("tr_");

        transferFault("\"kind\":\"invalid\",\"destination\":\"" + params.getDestination() + "\"");
        assertThatThrownBy(() -> transfer("key-2")).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void rulesThatAreAddedLeaveTheOthersAsTheyAre() throws Exception {
        transferFault("\"kind\":\"rate_limit\",\"times\":1");
        assertThatThrownBy(() -> transfer("key-1")).isInstanceOf(RateLimitException.class);

        running.control("POST", "/_sandbox/faults", "{\"rules\":[{\"kind\":\"invalid\",\"path\":\"/v1/transfers\"}]}");

        assertThatThrownBy(() -> transfer("key-1")).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void latencyTakesItsTime() throws Exception {
        transferFault("\"kind\":\"latency\",\"min_millis\":150,\"max_millis\":300");

        long start = System.nanoTime();
        transfer("key-1");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
    }

    @Test
    void theSameSeedStrikesTheSameCalls() {
        List<Integer> first = statuses();
        List<Integer> second = statuses();

        assertThat(first).isEqualTo(second).contains(200, 429);
    }

    @Test
    void faultsEndWhenTheyAreDeleted() throws Exception {
        transferFault("\"kind\":\"error_before\"");
        running.control("DELETE", "/_sandbox/faults", "");

        assertThat(transfer("key-1")).startsWith("tr_");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"rules\":{}}",
                "{\"rules\":[{\"kind\":\"nonsense\"}]}",
                "{\"rules\":[{\"kind\":\"webhook_nonsense\"}]}",
                "{\"rules\":[{\"kind\":\"latency\"}]}",
                "{\"rules\":[{\"kind\":\"latency\",\"millis\":-1}]}",
                "{\"rules\":[{\"kind\":\"latency\",\"min_millis\":5,\"max_millis\":4}]}",
                "{\"rules\":[{\"kind\":\"drop_request\",\"probability\":2}]}",
                "{\"rules\":[{\"kind\":\"drop_request\",\"times\":0}]}",
                "{\"rules\":[{\"kind\":\"drop_request\",\"tmies\":1}]}",
                "{\"rules\":[{\"kind\":\"drop_request\",\"path\":7}]}",
                "{\"sede\":1,\"rules\":[]}",
                "{\"seed\":1,\"seed\":2,\"rules\":[]}",
                "not json"
            })
    void refusesAPlanThatItDoesNotUnderstand(String plan) {
        assertThat(running.send("PUT", "/_sandbox/faults", Map.of(), plan).statusCode())
                .isEqualTo(400);
    }

    private List<Integer> statuses() {
        running.faults("{\"kind\":\"rate_limit\",\"path\":\"/v1/balance\",\"probability\":0.5}");
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            statuses.add(running.form("GET", "/v1/balance", "").statusCode());
        }
        return statuses;
    }

    private void transferFault(String fields) {
        running.faults("{\"method\":\"POST\",\"path\":\"/v1/transfers\"," + fields + "}");
    }

    private String transfer(String key) throws Exception {
        RequestOptions options = RequestOptions.builder().setIdempotencyKey(key).build();
        return running.stripe.v1().transfers().create(params, options).getId();
    }

    private List<String> transfers() throws Exception {
        return running
                .stripe
                .v1()
                .transfers()
                .list(TransferListParams.builder()
                        .setDestination(params.getDestination())
                        .build())
                .getData()
                .stream()
                .map(Transfer::getId)
                .toList();
    }
}
