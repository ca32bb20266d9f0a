package dev.paymaster.stripesandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.CreditNote;
import com.stripe.model.Invoice;
import com.stripe.param.CreditNoteCreateParams;
import com.stripe.param.InvoiceCreateParams;
import com.stripe.param.InvoiceItemCreateParams;
import com.stripe.param.InvoicePayParams;
import dev.paymaster.stripesandbox.state.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Invoices that a platform makes and ends by hand. */
class InvoicingTest {
    private Running running;
    private String customer;

    @BeforeEach
    void start() throws Exception {
        running = new Running();
        customer = running.customer().getId();
    }

    @AfterEach
    void stop() {
        Truth.check(Json.MAPPER.readTree(
                running.form("GET", "/v1/events?limit=100", "").body()));
        running.close();
    }

    @Test
    void aManualInvoiceBelongsToNoSubscription() throws Exception {
        item(null);
        Invoice draft = running.stripe
                .v1()
                .invoices()
                .create(InvoiceCreateParams.builder()
                        .setCustomer(customer)
                        .setPendingInvoiceItemsBehavior(InvoiceCreateParams.PendingInvoiceItemsBehavior.INCLUDE)
                        .build());
        item(draft.getId());
        card("4242424242424242");

        Invoice paid = running.stripe.v1().invoices().pay(draft.getId());

        assertThat(draft.getParent()).isNull();
        assertThat(paid.getBillingReason()).isEqualTo("manual");
        assertThat(paid.getStatus()).isEqualTo("paid");
        assertThat(paid.getAmountPaid()).isEqualTo(1000);
        assertThat(paid.getLines().getData()).hasSize(2).allSatisfy(line -> {
            assertThat(line.getParent().getInvoiceItemDetails().getProration()).isFalse();
            assertThat(line.getParent().getInvoiceItemDetails().getInvoiceItem())
                    .startsWith("ii_");
        });
    }

    @Test
    void anInvoiceMayBePaidElsewhere() throws Exception {
        Invoice paid = running.stripe
                .v1()
                .invoices()
                .pay(
                        open().getId(),
                        InvoicePayParams.builder().setPaidOutOfBand(true).build());

        assertThat(paid.getStatus()).isEqualTo("paid");
        assertThat(running.balance()).isZero();
        assertThat(running.events("invoice.paid")).hasSize(1);
        assertThat(running.events("invoice.payment_succeeded")).isEmpty();
        assertThat(running.events("payment_intent.canceled")).hasSize(1);
    }

    @Test
    void aVoidInvoiceIsOverAndAnUncollectibleOneIsNot() throws Exception {
        Invoice voided = running.stripe.v1().invoices().voidInvoice(open().getId());
        Invoice lost = running.stripe.v1().invoices().markUncollectible(open().getId());

        assertThat(voided.getStatus()).isEqualTo("void");
        assertThat(lost.getStatus()).isEqualTo("uncollectible");
        assertThatThrownBy(() -> running.stripe.v1().invoices().pay(voided.getId()))
                .isInstanceOf(InvalidRequestException.class);
        card("4242424242424242");
        assertThat(running.stripe.v1().invoices().pay(lost.getId()).getStatus()).isEqualTo("paid");
        assertThat(running.events("invoice.voided")).hasSize(1);
        assertThat(running.events("invoice.marked_uncollectible")).hasSize(1);
    }

    @Test
    void aDeclinedCardLeavesItOpen() throws Exception {
        card("4000000000000341");
        Invoice open = open();

        assertThatThrownBy(() -> running.stripe.v1().invoices().pay(open.getId()))
                .isInstanceOf(CardException.class);

        assertThat(running.stripe.v1().invoices().retrieve(open.getId()).getStatus())
                .isEqualTo("open");
        assertThat(running.events("invoice.payment_failed")).hasSize(1);
    }

    @Test
    void anAutomaticInvoiceIsFinalisedWithinTheHour() throws Exception {
        card("4242424242424242");
        item(null);
        String id = running.stripe
                .v1()
                .invoices()
                .create(InvoiceCreateParams.builder()
                        .setCustomer(customer)
                        .setAutoAdvance(true)
                        .setPendingInvoiceItemsBehavior(InvoiceCreateParams.PendingInvoiceItemsBehavior.INCLUDE)
                        .build())
                .getId();

        running.advance(Duration.ofHours(1));

        assertThat(running.stripe.v1().invoices().retrieve(id).getStatus()).isEqualTo("paid");
    }

    @Test
    void whatTheBalancePaidCanBeGivenBackToo() throws Exception {
        Invoice first = running.stripe
                .v1()
                .invoices()
                .pay(
                        open().getId(),
                        InvoicePayParams.builder().setPaidOutOfBand(true).build());
        note(first, CreditNoteCreateParams.builder().setCreditAmount(500L));
        Invoice second = open();
        assertThat(second.getStatus()).isEqualTo("paid");
        assertThat(second.getAmountPaid()).isZero();
        assertThat(second.getEndingBalance() - second.getStartingBalance()).isEqualTo(500);

        CreditNote back = note(second, CreditNoteCreateParams.builder().setCreditAmount(500L));

        assertThat(back.getPostPaymentAmount()).isEqualTo(500);
    }

    @Test
    void aCreditNoteLowersWhatIsOwedOrGivesBack() throws Exception {
        Invoice open = open();
        CreditNote lowered = note(open, CreditNoteCreateParams.builder().setAmount(200L));
        assertThat(lowered.getType()).isEqualTo("pre_payment");
        card("4242424242424242");
        Invoice paid = running.stripe.v1().invoices().pay(open.getId());
        assertThat(paid.getAmountPaid()).isEqualTo(300);

        CreditNote back = note(
                paid,
                CreditNoteCreateParams.builder()
                        .setAmount(150L)
                        .setRefundAmount(100L)
                        .setCreditAmount(50L));

        assertThat(back.getType()).isEqualTo("post_payment");
        assertThat(back.getRefunds().getFirst().getAmountRefunded()).isEqualTo(100);
        assertThat(running.balance()).isEqualTo(200);
        assertThat(running.stripe.v1().customers().retrieve(customer).getBalance())
                .isEqualTo(-50);
        assertThat(running.events("credit_note.created")).hasSize(2);
        assertThat(running.events("charge.refunded")).hasSize(1);
        assertThatThrownBy(() -> note(paid, CreditNoteCreateParams.builder().setAmount(999L)))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void aVoidedCreditNoteLeavesAllOfTheInvoiceToPay() throws Exception {
        Invoice open = open();
        CreditNote note = note(open, CreditNoteCreateParams.builder().setAmount(200L));

        CreditNote voided = running.stripe.v1().creditNotes().voidCreditNote(note.getId());

        assertThat(voided.getStatus()).isEqualTo("void");
        assertThat(voided.getVoidedAt()).isNotNull();
        assertThat(running.events("credit_note.voided")).hasSize(1);
        assertThatThrownBy(() -> running.stripe.v1().creditNotes().voidCreditNote(note.getId()))
                .isInstanceOf(InvalidRequestException.class);
        card("4242424242424242");
        Invoice paid = running.stripe.v1().invoices().pay(open.getId());
        assertThat(paid.getAmountPaid()).isEqualTo(500);
        assertThat(paid.getPrePaymentCreditNotesAmount()).isZero();
    }

    @Test
    void aCreditNoteOfAPaidInvoiceIsNotVoided() throws Exception {
        Invoice open = open();
        CreditNote note = note(open, CreditNoteCreateParams.builder().setAmount(200L));
        card("4242424242424242");
        running.stripe.v1().invoices().pay(open.getId());

        assertThatThrownBy(() -> running.stripe.v1().creditNotes().voidCreditNote(note.getId()))
                .isInstanceOf(InvalidRequestException.class);

        assertThat(running.stripe.v1().creditNotes().retrieve(note.getId()).getStatus())
                .isEqualTo("issued");
        assertThat(running.events("credit_note.voided")).isEmpty();
    }

    private CreditNote note(Invoice invoice, CreditNoteCreateParams.Builder params) throws StripeException {
        return running.stripe
                .v1()
                .creditNotes()
                .create(params.setInvoice(invoice.getId()).build());
    }

    private Invoice open() throws StripeException {
        Invoice draft = running.stripe
                .v1()
                .invoices()
                .create(InvoiceCreateParams.builder().setCustomer(customer).build());
        item(draft.getId());
        return running.stripe.v1().invoices().finalizeInvoice(draft.getId());
    }

    private void item(@Nullable String invoice) throws StripeException {
        running.stripe
                .v1()
                .invoiceItems()
                .create(InvoiceItemCreateParams.builder()
                        .setCustomer(customer)
                        .setInvoice(invoice)
                        .setAmount(500L)
                        .setCurrency("usd")
                        .build());
    }

    private void card(String number) {
        running.control("POST", "/_sandbox/customers/" + customer + "/card", "{\"card\":\"" + number + "\"}");
    }
}
