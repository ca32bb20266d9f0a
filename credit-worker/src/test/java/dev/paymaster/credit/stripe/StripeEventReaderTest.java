package dev.paymaster.credit.stripe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StripeEventReaderTest {
    private static final UUID USER = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant END = Instant.parse("2026-12-01T00:00:00Z");

    @Test
    void readsAnInvoice() {
        StripeEvent event = read(StripeJson.invoicePaid(
                "evt_1",
                "in_1",
                "cus_1",
                "sub_1",
                USER,
                StripeJson.line("price_1", 1000, START, END, 100, 50),
                StripeJson.itemProration("price_2", -500, START, END)));

        assertThat(event.id()).isEqualTo("evt_1");
        assertThat(event.type()).isEqualTo("invoice.paid");
        assertThat(event.account()).isNull();
        assertThat(event.object().id()).isEqualTo("in_1");
        assertThat(event.object().customer()).isEqualTo("cus_1");
        assertThat(event.object().subscription()).isEqualTo("sub_1");
        assertThat(event.object().userId()).isEqualTo(USER.toString());
        assertThat(event.object().hasMoreLines()).isFalse();
        assertThat(event.object().paidAt()).isEqualTo(Instant.ofEpochSecond(1795000000));
        assertThat(event.object().lines())
                .containsExactly(
                        new InvoiceLine(1000, 150, false, false, 1, "price_1", null, START, END),
                        new InvoiceLine(-500, 0, false, false, 1, "price_2", null, START, END));
    }

    @Test
    void readsACheckout() {
        StripeObject session = read(StripeJson.checkoutCompleted("evt_1", "cus_1", USER, "subscription"))
                .object();

        assertThat(session.mode()).isEqualTo("subscription");
        assertThat(session.customer()).isEqualTo("cus_1");
        assertThat(session.clientReferenceId()).isEqualTo(USER.toString());
    }

    @Test
    void takesExpandedObjectsForTheirIds() {
        StripeObject invoice = read("""
                {"type": "invoice.paid", "data": {"object": {
                  "lines": {"data": [{"pricing": {"price_details": {"price": {"object": "price", "id": "price_1"}}},
                                      "parent": {"subscription_item_details": {"subscription": {"id": "sub_2"}}}}]},
                  "customer": {"id": "cus_1", "metadata": {"id": "wrong"}, "list": [{"id": "wrong"}]},
                  "parent": {"subscription_details": {"subscription": {"id": "sub_1", "items": {"id": "wrong"}}}},
                  "id": "in_1"}}, "id": "evt_1"}""").object();

        assertThat(invoice.customer()).isEqualTo("cus_1");
        assertThat(invoice.subscription()).isEqualTo("sub_1");
        assertThat(invoice.lines().getFirst().price()).isEqualTo("price_1");
        assertThat(invoice.lines().getFirst().subscription()).isEqualTo("sub_2");
    }

    @Test
    void readsTheShapesBefore2025() {
        StripeObject invoice = read("""
                {"id": "evt_1", "type": "invoice.paid", "data": {"object": {"id": "in_1", "customer": "cus_1",
                  "subscription": "sub_1", "subscription_details": {"metadata": {"user_id": "u"}},
                  "lines": {"has_more": true, "data": [{"amount": 1000, "price": {"id": "price_1"}, "proration": true,
                    "discounts": ["di_1"], "proration_details": {"credited_items": {"invoice": "in_0"}},
                    "quantity": null, "period": {"start": 1, "end": 2}, "subscription": "sub_1"}]}}}}""").object();

        assertThat(invoice.subscription()).isEqualTo("sub_1");
        assertThat(invoice.userId()).isEqualTo("u");
        assertThat(invoice.hasMoreLines()).isTrue();
        assertThat(invoice.lines())
                .containsExactly(new InvoiceLine(
                        1000,
                        0,
                        true,
                        true,
                        1,
                        "price_1",
                        "sub_1",
                        Instant.ofEpochSecond(1),
                        Instant.ofEpochSecond(2)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\": \"evt_1\", \"type\": \"t\", \"data\": null}",
                "{\"id\": \"evt_1\", \"type\": \"t\", \"data\": {\"object\": \"text\"}}",
                "{\"id\": \"evt_1\", \"type\": \"t\", \"data\": {\"object\": {\"lines\": [1], \"parent\": 3, \"customer\": 4}}}",
                "{\"id\": \"evt_1\", \"type\": \"t\", \"data\": {\"object\": {\"customer\": {\"id\": {\"a\": [1]}}, \"id\": []}}}",
                "{\"id\": \"evt_1\", \"type\": \"t\", \"data\": {\"object\": {\"lines\": {\"data\": {\"a\": 1}}, \"parent\": [{}]}}}",
                "{\"id\": \"evt_1\", \"type\": \"t\", \"data\": {\"object\": {\"mode\": {\"x\": 1}, \"subscription\": 1.5}}}"
            })
    void leavesAloneWhatIsOfAnotherShape(String json) {
        assertThat(read(json).object()).isEqualTo(StripeObject.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "not json",
                "{\"id\": \"evt_1\"}",
                "{\"type\": \"t\"}",
                "{\"id\": \"evt_1\", \"type\": \"t\"",
                "{\"id\": \"evt_1\", \"type\": 7}",
                "{\"id\": \"evt_1\", \"type\": \"t\", \"data\": {\"object\": {\"id\": \"in_\\u0000\"}}}",
                "{\"id\": \"evt_1\", \"type\": \"t\", \"data\": {\"object\": {\"id\": \"in_\\ud800\"}}}",
                "{\"id\": \"evt_1\", \"type\": \"t\", \"data\": {\"object\": {\"id\": \"\\udc00\\ud800\"}}}",
                "{\"id\": \"evt_1\", \"type\": \"t\", \"data\": {\"object\": {\"amount\": 1000000000000001}}}",
                "{\"id\": \"evt_1\", \"type\": \"t\", \"data\": {\"object\": {\"amount\": -9223372036854775808}}}",
                "{\"id\": \"evt_1\", \"type\": \"t\", \"created\": 9223372036854775807}"
            })
    void refusesWhatIsNoEvent(String json) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(json));
    }

    private static StripeEvent read(String json) {
        return StripeEventReader.read(json.getBytes(UTF_8));
    }
}
