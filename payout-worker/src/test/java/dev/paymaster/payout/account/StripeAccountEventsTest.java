package dev.paymaster.payout.account;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.messaging.UnreadableRecordException;
import dev.paymaster.payout.event.StripeEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StripeAccountEventsTest {
    private static final String UPDATED = """
            {"id": "evt_1", "object": "event", "api_version": "2099-01-01.next", "created": 1700000000,
             "account": "acct_1", "something": {"new": [1, 2]},
             "data": {"object": {"id": "acct_1", "object": "account",
               "metadata": {"user_id": "0197f0e8-0000-7000-8000-000000000001"},
               "details_submitted": true, "payouts_enabled": true,
               "capabilities": {"transfers": "active", "card_payments": "pending"},
               "requirements": {"currently_due": ["external_account", "tos_acceptance.date"], "errors": []}}}}""";

    @Test
    void readsAnUpdatedAccount() {
        assertThat(read("stripe.account.updated", UPDATED))
                .isEqualTo(new AccountReport(
                        "acct_1",
                        UUID.fromString("0197f0e8-0000-7000-8000-000000000001"),
                        true,
                        "active",
                        true,
                        List.of("external_account", "tos_acceptance.date"),
                        Instant.ofEpochSecond(1_700_000_000)));
    }

    @Test
    void readsABareAccount() {
        String bare = """
                {"created": 1700000000, "data": {"object": {"id": "acct_1", "metadata": {"user_id": "somebody"}}}}""";

        assertThat(read("stripe.account.updated", bare))
                .isEqualTo(new AccountReport(
                        "acct_1", null, false, null, false, List.of(), Instant.ofEpochSecond(1_700_000_000)));
    }

    @Test
    void takesADeauthorizedAccountAsOneThatCannotBePaid() {
        String event = """
                {"created": 1700000000, "account": "acct_1", "data": {"object": {"id": "ca_1", "object": "application"}}}""";

        AccountReport report = requireNonNull(read("stripe.account.application.deauthorized", event));

        assertThat(report.accountId()).isEqualTo("acct_1");
        assertThat(report.transfers()).isEqualTo("inactive");
        assertThat(report.payoutsEnabled()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"stripe.capability.updated", "stripe.invoice.paid", "account.updated", "stripe.v2.core.account"})
    void passesOverWhatShowsNoWholeAccount(String type) {
        assertThat(read(type, "not even JSON")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "{}",
                "[]",
                "null",
                "{\"created\": 1}",
                "{\"created\": \"1\", \"data\": {\"object\": {\"id\": \"acct_1\"}}}",
                "{\"created\": 1, \"data\": {\"object\": {\"id\": 5}}}",
                "{\"created\": 1, \"data\": {\"object\": {\"id\": \"acct_\\u0000\"}}}",
                "{\"created\": 1, \"data\": {\"object\": {\"id\": \"acct_\\ud800\"}}}",
                "{\"created\": -1, \"data\": {\"object\": {\"id\": \"acct_1\"}}}",
                "{\"created\": 9223372036854775807, \"data\": {\"object\": {\"id\": \"acct_1\"}}}"
            })
    void callsUnreadableWhatNamesNoAccount(String body) {
        assertThatThrownBy(() -> read("stripe.account.updated", body)).isInstanceOf(UnreadableRecordException.class);
    }

    private static @Nullable AccountReport read(String type, String body) {
        return StripeAccountEvents.read(new StripeEvent(type, body.getBytes(StandardCharsets.UTF_8)));
    }
}
