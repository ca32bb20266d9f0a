package dev.paymaster.stripesandbox;

import com.stripe.model.Charge;
import com.stripe.model.Dispute;
import com.stripe.model.Refund;
import com.stripe.model.Transfer;
import com.stripe.model.TransferReversal;
import com.stripe.param.DisputeUpdateParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundUpdateParams;
import com.stripe.param.TransferReversalCreateParams;
import com.stripe.param.TransferReversalUpdateParams;
import com.stripe.service.V1Services;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** The calls by which money goes back. */
final class MoneyBackCalls {
    private MoneyBackCalls() {}

    static Map<String, Callable<Object>> of(Running running, Charge charge, Transfer transfer) throws Exception {
        V1Services v1 = running.stripe.v1();
        Refund refund = v1.refunds().create(of(charge, 1));
        String disputed = running.chargeOf(running.paid(running.customer().getId()));
        Dispute dispute = running.dispute(disputed, "");
        String reversible = transfer.getId();
        TransferReversal reversal = v1.transfers().reversals().create(reversible, cents(1));
        Map<String, Callable<Object>> calls = new TreeMap<>();
        calls.put("POST /v1/refunds", () -> v1.refunds().create(of(charge, 2)));
        calls.put("GET /v1/refunds", () -> v1.refunds().list());
        calls.put("GET /v1/refunds/{id}", () -> v1.refunds().retrieve(refund.getId()));
        calls.put(
                "POST /v1/refunds/{id}",
                () -> v1.refunds()
                        .update(
                                refund.getId(),
                                RefundUpdateParams.builder()
                                        .putMetadata("a", "b")
                                        .build()));
        calls.put("GET /v1/disputes", () -> v1.disputes().list());
        calls.put("GET /v1/disputes/{id}", () -> v1.disputes().retrieve(dispute.getId()));
        calls.put(
                "POST /v1/disputes/{id}",
                () -> v1.disputes()
                        .update(
                                dispute.getId(),
                                DisputeUpdateParams.builder()
                                        .setEvidence(DisputeUpdateParams.Evidence.builder()
                                                .setProductDescription("tea")
                                                .build())
                                        .build()));
        calls.put(
                "POST /v1/disputes/{id}/close",
                () -> v1.disputes()
                        .close(running.dispute(
                                        running.chargeOf(
                                                running.paid(running.customer().getId())),
                                        "")
                                .getId()));
        calls.put(
                "POST /v1/transfers/{id}/reversals",
                () -> v1.transfers().reversals().create(reversible, cents(1)));
        calls.put(
                "GET /v1/transfers/{id}/reversals",
                () -> v1.transfers().reversals().list(reversible));
        calls.put(
                "GET /v1/transfers/{id}/reversals/{reversal}",
                () -> v1.transfers().reversals().retrieve(reversible, reversal.getId()));
        calls.put(
                "POST /v1/transfers/{id}/reversals/{reversal}",
                () -> v1.transfers()
                        .reversals()
                        .update(
                                reversible,
                                reversal.getId(),
                                TransferReversalUpdateParams.builder()
                                        .putMetadata("a", "b")
                                        .build()));
        return calls;
    }

    private static RefundCreateParams of(Charge charge, long cents) {
        return RefundCreateParams.builder()
                .setCharge(charge.getId())
                .setAmount(cents)
                .build();
    }

    private static TransferReversalCreateParams cents(long cents) {
        return TransferReversalCreateParams.builder().setAmount(cents).build();
    }
}
