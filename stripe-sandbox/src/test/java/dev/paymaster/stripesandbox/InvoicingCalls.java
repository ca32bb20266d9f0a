package dev.paymaster.stripesandbox;

import com.stripe.model.Coupon;
import com.stripe.model.CreditNote;
import com.stripe.model.Invoice;
import com.stripe.model.InvoiceItem;
import com.stripe.model.PaymentMethod;
import com.stripe.param.CouponCreateParams;
import com.stripe.param.CouponUpdateParams;
import com.stripe.param.CreditNoteCreateParams;
import com.stripe.param.CreditNoteUpdateParams;
import com.stripe.param.InvoiceCreateParams;
import com.stripe.param.InvoiceItemCreateParams;
import com.stripe.param.InvoiceItemUpdateParams;
import com.stripe.param.InvoicePayParams;
import com.stripe.param.InvoiceUpdateParams;
import com.stripe.param.PaymentMethodAttachParams;
import com.stripe.param.PaymentMethodListParams;
import com.stripe.service.V1Services;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The calls of invoicing by hand, coupons and subscriptions without Checkout. */
final class InvoicingCalls {
    private final Running running;
    private final V1Services v1;
    private final String customer;

    InvoicingCalls(Running running) throws Exception {
        this.running = running;
        this.v1 = running.stripe.v1();
        this.customer = running.customer().getId();
    }

    Map<String, Callable<Object>> calls() throws Exception {
        Map<String, Callable<Object>> calls = new TreeMap<>();
        PaymentMethod method = attach();
        calls.put("POST /v1/payment_methods/{id}/attach", this::attach);
        calls.put(
                "GET /v1/payment_methods",
                () -> v1.paymentMethods()
                        .list(PaymentMethodListParams.builder()
                                .setCustomer(customer)
                                .build()));
        calls.put(
                "POST /v1/subscriptions",
                () -> v1.subscriptions()
                        .create(running.subscription(customer)
                                .setDefaultPaymentMethod(method.getId())
                                .build()));
        addCoupons(calls);
        addInvoices(calls);
        addItems(calls);
        addCreditNotes(calls);
        return calls;
    }

    private void addCoupons(Map<String, Callable<Object>> calls) throws Exception {
        Coupon coupon = coupon();
        calls.put("POST /v1/coupons", this::coupon);
        calls.put("GET /v1/coupons", () -> v1.coupons().list());
        calls.put("GET /v1/coupons/{id}", () -> v1.coupons().retrieve(coupon.getId()));
        calls.put(
                "POST /v1/coupons/{id}",
                () -> v1.coupons()
                        .update(
                                coupon.getId(),
                                CouponUpdateParams.builder().setName("n").build()));
        calls.put("DELETE /v1/coupons/{id}", () -> v1.coupons().delete(coupon().getId()));
    }

    private void addInvoices(Map<String, Callable<Object>> calls) {
        calls.put("POST /v1/invoices", () -> draft());
        calls.put(
                "POST /v1/invoices/{id}",
                () -> v1.invoices()
                        .update(
                                draft().getId(),
                                InvoiceUpdateParams.builder()
                                        .setDescription("d")
                                        .build()));
        calls.put("DELETE /v1/invoices/{id}", () -> v1.invoices().delete(draft().getId()));
        calls.put("POST /v1/invoices/{id}/finalize", () -> open());
        calls.put("POST /v1/invoices/{id}/send", () -> v1.invoices().sendInvoice(open().getId()));
        calls.put("POST /v1/invoices/{id}/void", () -> v1.invoices().voidInvoice(open().getId()));
        calls.put(
                "POST /v1/invoices/{id}/mark_uncollectible", () -> v1.invoices().markUncollectible(open().getId()));
        calls.put("POST /v1/invoices/{id}/pay", () -> v1.invoices().pay(open().getId(), outOfBand()));
    }

    private void addItems(Map<String, Callable<Object>> calls) throws Exception {
        InvoiceItem item = item(null);
        calls.put("POST /v1/invoiceitems", () -> item(null));
        calls.put("GET /v1/invoiceitems", () -> v1.invoiceItems().list());
        calls.put("GET /v1/invoiceitems/{id}", () -> v1.invoiceItems().retrieve(item.getId()));
        calls.put(
                "POST /v1/invoiceitems/{id}",
                () -> v1.invoiceItems()
                        .update(
                                item(null).getId(),
                                InvoiceItemUpdateParams.builder().setAmount(7L).build()));
        calls.put(
                "DELETE /v1/invoiceitems/{id}",
                () -> v1.invoiceItems().delete(item(null).getId()));
    }

    private void addCreditNotes(Map<String, Callable<Object>> calls) throws Exception {
        CreditNote note = note();
        calls.put("POST /v1/credit_notes", this::note);
        calls.put("GET /v1/credit_notes", () -> v1.creditNotes().list());
        calls.put("GET /v1/credit_notes/{id}", () -> v1.creditNotes().retrieve(note.getId()));
        calls.put(
                "POST /v1/credit_notes/{id}",
                () -> v1.creditNotes()
                        .update(
                                note.getId(),
                                CreditNoteUpdateParams.builder().setMemo("m").build()));
        calls.put("POST /v1/credit_notes/{id}/void", () -> v1.creditNotes().voidCreditNote(note().getId()));
    }

    private PaymentMethod attach() throws Exception {
        return v1.paymentMethods()
                .attach(
                        "pm_card_visa",
                        PaymentMethodAttachParams.builder()
                                .setCustomer(customer)
                                .build());
    }

    private Coupon coupon() throws Exception {
        return v1.coupons()
                .create(CouponCreateParams.builder()
                        .setPercentOff(new BigDecimal(50))
                        .setDuration(CouponCreateParams.Duration.FOREVER)
                        .build());
    }

    private Invoice draft() throws Exception {
        Invoice draft = v1.invoices()
                .create(InvoiceCreateParams.builder().setCustomer(customer).build());
        item(draft.getId());
        return draft;
    }

    private Invoice open() throws Exception {
        return v1.invoices().finalizeInvoice(draft().getId());
    }

    private InvoiceItem item(@Nullable String invoice) throws Exception {
        return v1.invoiceItems()
                .create(InvoiceItemCreateParams.builder()
                        .setCustomer(customer)
                        .setInvoice(invoice)
                        .setAmount(500L)
                        .setCurrency("usd")
                        .setDescription("Setup")
                        .build());
    }

    private CreditNote note() throws Exception {
        return v1.creditNotes()
                .create(CreditNoteCreateParams.builder()
                        .setInvoice(open().getId())
                        .setAmount(200L)
                        .build());
    }

    private static InvoicePayParams outOfBand() {
        return InvoicePayParams.builder().setPaidOutOfBand(true).build();
    }
}
