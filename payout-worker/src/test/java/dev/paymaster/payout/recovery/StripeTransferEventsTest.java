package dev.paymaster.payout.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.messaging.UnreadableRecordException;
import dev.paymaster.payout.event.StripeEvent;
import dev.paymaster.payout.recovery.TransferReport.Target;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StripeTransferEventsTest {
    private static final UUID RECEIVER = new UUID(1, 1);
    private static final UUID PAYOUT = new UUID(2, 1);
    private static final String TRANSFER = """
            {"id": "tr_1", "amount_reversed": 40, "metadata": {"receiver": "%s", "payout_id": "%s"}}""".formatted(RECEIVER, PAYOUT);

    @Test
    void readsWhatWasTakenBack() {
        assertThat(read("{\"created\": 7, \"data\": {\"object\": " + TRANSFER + "}}"))
                .isEqualTo(new TransferReport("tr_1", new Target(RECEIVER, PAYOUT), 40, Instant.ofEpochSecond(7)));
    }

    /** Whoever has its keys names in its transfers what they like. */
    @Test
    void believesNoConnectedAccount() {
        assertThat(read("{\"created\": 7, \"account\": \"acct_1\", \"data\": {\"object\": " + TRANSFER + "}}"))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"created\": 7}",
                "{\"created\": 7, \"data\": {\"object\": {\"amount_reversed\": 40}}}",
                "{\"created\": 7, \"data\": {\"object\": {\"id\": \"tr_1\", \"amount_reversed\": 0}}}",
                "{\"created\": 7, \"data\": {\"object\": {\"id\": \"tr_1\", \"amount_reversed\": 1e3}}}",
                "{\"created\": 7, \"data\": {\"object\": {\"id\": \"tr_1\", \"amount_reversed\": 9223372036854775808}}}",
                "{\"created\": 7, \"data\": {\"object\": {\"id\": \"tr_\\u0000\", \"amount_reversed\": 40}}}",
                "{\"created\": 7, \"data\": {\"object\": {\"id\": \"tr_\\udfff\", \"amount_reversed\": 40}}}"
            })
    void callsUnreadableWhatSaysNotWhatCameBackOfWhich(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(UnreadableRecordException.class);
    }

    private static @Nullable TransferReport read(String body) {
        return StripeTransferEvents.read(
                new StripeEvent("stripe.transfer.reversed", body.getBytes(StandardCharsets.UTF_8)));
    }
}
