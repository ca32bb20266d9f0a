package dev.paymaster.credit.reversal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.paymaster.credit.reversal.PaymentFact.Kind;
import dev.paymaster.credit.reversal.PaymentFact.Linked;
import dev.paymaster.credit.reversal.PaymentFact.RefundedInAll;
import dev.paymaster.credit.reversal.PaymentFact.Reversal;
import dev.paymaster.credit.reversal.Purchase.OfInvoice;
import dev.paymaster.credit.stripe.StripeEventReader;
import dev.paymaster.credit.stripe.StripeJson;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PaymentReaderTest {
    private static final long TOLD = 1795000777;

    static Stream<Arguments> facts() {
        return Stream.of(
                fact(
                        "invoice_payment.paid",
                        StripeJson.invoicePayment("pi_1", "in_1", 1000),
                        new Linked("pi_1", new OfInvoice("in_1"))),
                fact(
                        "invoice_payment.paid",
                        "{\"id\": \"inpay_1\", \"invoice\": \"in_1\", \"payment\": {\"type\": \"out_of_band_payment\"}}",
                        null),
                fact("charge.refunded", StripeJson.charge("pi_1", 1000, 300), new RefundedInAll("pi_1", 300, TOLD)),
                fact(
                        "charge.refunded",
                        "{\"id\": \"ch_1\", \"amount_refunded\": 300, \"payment_intent\": null}",
                        new RefundedInAll("ch_1", 300, TOLD)),
                fact("refund.created", StripeJson.refund("re_1", "pi_1", 300, "pending"), refund(false)),
                fact("refund.updated", StripeJson.refund("re_1", "pi_1", 300, "succeeded"), refund(false)),
                fact("refund.updated", StripeJson.refund("re_1", "pi_1", 300, "canceled"), refund(true)),
                fact("charge.refund.updated", StripeJson.refund("re_1", "pi_1", 300, "failed"), refund(true)),
                fact("refund.failed", StripeJson.refund("re_1", "pi_1", 300, "failed"), refund(true)),
                fact("refund.created", "{\"id\": \"re_1\", \"amount\": 300, \"status\": \"succeeded\"}", null),
                fact("credit_note.created", StripeJson.creditNote("cn_1", "in_1", 500, 500, "issued"), null),
                fact("credit_note.created", StripeJson.creditNote("cn_1", "in_1", 500, 200, "issued"), note(false)),
                outside("250", 250),
                outside("301", 300),
                notedOnARecord("null", 500),
                notedOnARecord("200", 500),
                fact("credit_note.voided", StripeJson.creditNote("cn_1", "in_1", 500, 200, "void"), note(true)),
                fact("charge.succeeded", StripeJson.charge("pi_1", 1000, 0), null));
    }

    @ParameterizedTest
    @MethodSource("facts")
    void saysWhatAnEventMeansForAPayment(String type, String object, @Nullable PaymentFact fact) {
        assertThat(read(type, object)).isEqualTo(fact);
    }

    @ParameterizedTest
    @CsvSource({
        "charge.dispute.created, needs_response, true, false",
        "charge.dispute.created, warning_needs_response, false, false",
        "charge.dispute.created, prevented, false, false",
        "charge.dispute.updated, under_review, true, false",
        "charge.dispute.updated, warning_under_review, false, false",
        "charge.dispute.funds_withdrawn, warning_needs_response, true, false",
        "charge.dispute.funds_reinstated, won, true, true",
        "charge.dispute.closed, won, true, true",
        "charge.dispute.closed, lost, true, false",
        "charge.dispute.closed, warning_closed, false, false",
    })
    void aDisputeTakesTheMoneyUntilItIsWon(String type, String status, boolean taken, boolean returned) {
        assertThat(read(type, StripeJson.dispute("dp_1", "pi_1", 1000, status)))
                .isEqualTo(new Reversal("pi_1", null, Kind.DISPUTE, "dp_1", 1000, taken, returned));
    }

    @Test
    void whatDoesNotSayWhichPaymentIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("charge.dispute.created", "{\"id\": \"dp_1\", \"status\": \"lost\"}"));
        assertThatIllegalArgumentException().isThrownBy(() -> read("charge.refunded", "{}"));
    }

    private static Arguments fact(String type, String object, @Nullable PaymentFact fact) {
        return Arguments.of(type, object, fact);
    }

    /** No more than the note gives back otherwise than by refunds, 300. */
    private static Arguments outside(String told, long cents) {
        return fact(
                "credit_note.created",
                StripeJson.creditNote("cn_1", "in_1", 500, 200, "issued")
                        .replace("\"out_of_band_amount\": null", "\"out_of_band_amount\": " + told),
                new Reversal(
                        "in_1",
                        new OfInvoice("in_1"),
                        Kind.CREDIT_NOTE,
                        "cn_1",
                        300,
                        cents,
                        true,
                        false,
                        0,
                        Reversal.NEVER));
    }

    /** What was given back outside of Stripe, and noted there: nothing else tells of it. */
    private static Arguments notedOnARecord(String outOfBand, long cents) {
        return fact(
                "credit_note.created",
                """
                {"id": "cn_1", "invoice": "in_1", "status": "issued", "post_payment_amount": 700, "out_of_band_amount": %s,
                 "refunds": [{"amount_refunded": 200, "type": "refund", "refund": "re_1"},
                             {"type": "payment_record_refund", "amount_refunded": 500,
                              "payment_record_refund": {"payment_record": "pr_1", "refund_group": "g"}}]}""".formatted(outOfBand),
                new Reversal(
                        "in_1",
                        new OfInvoice("in_1"),
                        Kind.CREDIT_NOTE,
                        "cn_1",
                        500,
                        cents,
                        true,
                        false,
                        0,
                        Reversal.NEVER));
    }

    private static Reversal refund(boolean failed) {
        return new Reversal(
                "pi_1", null, Kind.REFUND, "re_1", 300, 0, true, failed, 1795000000, failed ? TOLD : Reversal.NEVER);
    }

    private static Reversal note(boolean voided) {
        return new Reversal("in_1", new OfInvoice("in_1"), Kind.CREDIT_NOTE, "cn_1", 300, true, voided);
    }

    private static @Nullable PaymentFact read(String type, String object) {
        return PaymentReader.read(
                type,
                StripeEventReader.read(StripeJson.event("evt_1", type, object).getBytes(UTF_8))
                        .object(),
                TOLD);
    }
}
