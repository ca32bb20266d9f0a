package dev.paymaster.stripesandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.InvalidRequestException;
import com.stripe.model.Charge;
import com.stripe.model.Dispute;
import com.stripe.model.InvoicePayment;
import com.stripe.model.Refund;
import com.stripe.model.Transfer;
import com.stripe.param.InvoicePaymentListParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.TransferCreateParams;
import com.stripe.param.TransferReversalCreateParams;
import dev.paymaster.stripesandbox.state.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refunds, disputes and reversals, each with its events and what it does to the balance. */
class MoneyBackTest {
    private Running running;
    private String charge;

    @BeforeEach
    void payAnInvoice() throws Exception {
        running = new Running();
        charge = running.chargeOf(running.paid(running.customer().getId()));
    }

    @AfterEach
    void stop() {
        Truth.check(Json.MAPPER.readTree(
                running.form("GET", "/v1/events?limit=100", "").body()));
        running.close();
    }

    @Test
    void refundsAddUpOnTheCharge() throws Exception {
        refund(300L);
        refund(200L);
        Refund rest = refund(null);

        assertThat(rest.getAmount()).isEqualTo(500);
        assertThat(rest.getStatus()).isEqualTo("succeeded");
        assertThat(running.events("charge.refunded"))
                .extracting(event -> event.required("amount_refunded").longValue())
                .containsExactly(1000L, 500L, 300L);
        assertThat(charge().getRefunded()).isTrue();
        assertThat(running.events("refund.created")).hasSize(3);
        assertThat(running.balance()).isZero();
        assertThatThrownBy(() -> refund(1L))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        refusal -> assertThat(refusal.getCode()).isEqualTo("charge_already_refunded"));
    }

    @Test
    void aRefundFindsItsInvoice() throws Exception {
        Refund refund = running.stripe
                .v1()
                .refunds()
                .create(RefundCreateParams.builder()
                        .setPaymentIntent(charge().getPaymentIntent())
                        .setReason(RefundCreateParams.Reason.REQUESTED_BY_CUSTOMER)
                        .build());

        List<InvoicePayment> payments = running.stripe
                .v1()
                .invoicePayments()
                .list(InvoicePaymentListParams.builder()
                        .setPayment(InvoicePaymentListParams.Payment.builder()
                                .setType(InvoicePaymentListParams.Payment.Type.PAYMENT_INTENT)
                                .setPaymentIntent(refund.getPaymentIntent())
                                .build())
                        .build())
                .getData();
        assertThat(payments).extracting(InvoicePayment::getStatus).containsExactly("paid");
        assertThat(running.stripe
                        .v1()
                        .invoices()
                        .retrieve(payments.getFirst().getInvoice())
                        .getStatus())
                .isEqualTo("paid");
    }

    @Test
    void refusesToRefundMoreThanThereIs() {
        assertThatThrownBy(() -> refund(1001L)).isInstanceOf(InvalidRequestException.class);
        assertThat(running.form("POST", "/v1/refunds", "").statusCode()).isEqualTo(400);
        assertThat(running.form("POST", "/v1/refunds", "charge=ch_none").statusCode())
                .isEqualTo(400);
    }

    @Test
    void aFailedRefundIsTakenBack() throws Exception {
        Refund refund = refund(400L);

        running.control("POST", "/_sandbox/refunds/" + refund.getId() + "/fail", "{\"reason\":\"declined\"}");

        Refund failed = running.stripe.v1().refunds().retrieve(refund.getId());
        assertThat(failed.getStatus()).isEqualTo("failed");
        assertThat(failed.getFailureReason()).isEqualTo("declined");
        assertThat(failed.getFailureBalanceTransaction()).startsWith("txn_");
        assertThat(charge().getAmountRefunded()).isZero();
        assertThat(running.balance()).isEqualTo(1000);
        assertThat(running.events("refund.failed")).hasSize(1);
        assertThat(running.events("refund.updated")).hasSize(1);
        assertThat(running.send("POST", "/_sandbox/refunds/" + refund.getId() + "/fail", Map.of(), "")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void aSlowRefundIsPendingFirst() throws Exception {
        charge = running.chargeOf(running.paid(running.customer().getId(), "4000000000007726"));
        Refund refund = refund(null);
        assertThat(refund.getStatus()).isEqualTo("pending");

        running.control("POST", "/_sandbox/refunds/" + refund.getId() + "/succeed", "");

        assertThat(running.stripe.v1().refunds().retrieve(refund.getId()).getStatus())
                .isEqualTo("succeeded");
        assertThat(running.events("refund.updated")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"won, 1000", "lost, 0"})
    void aDisputeIsDecided(String outcome, long balance) throws Exception {
        Dispute opened = running.dispute(charge, "");
        assertThat(opened.getStatus()).isEqualTo("needs_response");
        assertThat(running.balance()).isZero();
        assertThat(charge().getDisputed()).isTrue();
        assertThatThrownBy(() -> refund(1L)).isInstanceOf(InvalidRequestException.class);

        String path = "/_sandbox/disputes/" + opened.getId() + "/close";
        running.control("POST", path, "{\"outcome\":\"" + outcome + "\"}");

        assertThat(running.stripe.v1().disputes().retrieve(opened.getId()).getStatus())
                .isEqualTo(outcome);
        assertThat(running.balance()).isEqualTo(balance);
        assertThat(running.events("charge.dispute.created")).hasSize(1);
        assertThat(running.events("charge.dispute.funds_withdrawn")).hasSize(1);
        assertThat(running.events("charge.dispute.closed"))
                .extracting(dispute -> dispute.required("status").stringValue())
                .containsExactly(outcome);
        assertThat(running.events("charge.dispute.funds_reinstated")).hasSize(outcome.equals("won") ? 1 : 0);
        assertThat(running.send("POST", path, Map.of(), "").statusCode()).isEqualTo(400);
    }

    @Test
    void anInquiryTakesNothingUntilItEscalates() throws Exception {
        Dispute inquiry = running.dispute(charge, ",\"inquiry\":true,\"amount\":400");
        assertThat(inquiry.getStatus()).isEqualTo("warning_needs_response");
        assertThat(running.balance()).isEqualTo(1000);

        running.control("POST", "/_sandbox/disputes/" + inquiry.getId() + "/escalate", "");

        assertThat(running.stripe.v1().disputes().retrieve(inquiry.getId()).getStatus())
                .isEqualTo("needs_response");
        assertThat(running.balance()).isEqualTo(600);
    }

    @Test
    void aTestCardDisputesByItself() throws Exception {
        charge = running.chargeOf(running.paid(running.customer().getId(), "4000000000000259"));

        assertThat(running.stripe.v1().disputes().list().getData())
                .extracting(Dispute::getCharge)
                .containsExactly(charge);
    }

    @Test
    void transfersAreReversedInPieces() throws Exception {
        String account = running.payable().getId();
        Transfer transfer = running.stripe
                .v1()
                .transfers()
                .create(TransferCreateParams.builder()
                        .setAmount(800L)
                        .setCurrency("usd")
                        .setDestination(account)
                        .build());

        reverse(transfer, 300L);
        assertThat(running.balance()).isEqualTo(500);
        reverse(transfer, null);

        Transfer reversed = running.stripe.v1().transfers().retrieve(transfer.getId());
        assertThat(reversed.getReversed()).isTrue();
        assertThat(reversed.getAmountReversed()).isEqualTo(800);
        assertThat(reversed.getReversals().getData()).hasSize(2);
        assertThat(running.events("transfer.reversed"))
                .extracting(event -> event.required("reversed").booleanValue())
                .containsExactly(true, false);
        assertThat(running.balance()).isEqualTo(1000);
        assertThatThrownBy(() -> reverse(transfer, 1L)).isInstanceOf(InvalidRequestException.class);
    }

    private void reverse(Transfer transfer, @Nullable Long cents) throws Exception {
        running.stripe
                .v1()
                .transfers()
                .reversals()
                .create(
                        transfer.getId(),
                        TransferReversalCreateParams.builder().setAmount(cents).build());
    }

    private Refund refund(@Nullable Long cents) throws Exception {
        return running.stripe
                .v1()
                .refunds()
                .create(RefundCreateParams.builder()
                        .setCharge(charge)
                        .setAmount(cents)
                        .build());
    }

    private Charge charge() throws Exception {
        return running.stripe.v1().charges().retrieve(charge);
    }
}
