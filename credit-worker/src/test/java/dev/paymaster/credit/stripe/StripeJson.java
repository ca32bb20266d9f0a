package dev.paymaster.credit.stripe;

import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Events as Stripe sends them, API 2026-07-29.dahlia. */
public final class StripeJson {
    public static final String STARTER = "price_starter";
    public static final String PRO = "price_pro";
    public static final String TEAM = "price_team";

    private StripeJson() {}

    /** An {@code invoice.paid} of a subscription. */
    public static String invoicePaid(
            String eventId,
            String invoiceId,
            String customer,
            String subscription,
            @Nullable UUID userId,
            String... lines) {
        return event(eventId, "invoice.paid", invoice(invoiceId, customer, subscription, userId, false, lines));
    }

    public static String event(String eventId, String type, String object) {
        return """
                {"id": "%s", "object": "event", "api_version": "2026-07-29.dahlia", "created": 1795000000,
                 "data": {"object": %s},
                 "livemode": false, "pending_webhooks": 1,
                 "request": {"id": null, "idempotency_key": null}, "type": "%s"}""".formatted(eventId, object, type);
    }

    public static String invoice(
            String invoiceId,
            String customer,
            String subscription,
            @Nullable UUID userId,
            boolean hasMore,
            String... lines) {
        long total = total(lines);
        String metadata = userId == null ? "{}" : "{\"tier\": \"starter\", \"user_id\": \"" + userId + "\"}";
        return """
                {"id": "%s", "object": "invoice", "account_country": "US", "account_name": "Paymaster",
                 "amount_due": %d, "amount_paid": %d, "amount_remaining": 0, "attempt_count": 1, "attempted": true,
                 "automatic_tax": {"disabled_reason": null, "enabled": false, "liability": null, "status": null},
                 "billing_reason": "subscription_cycle", "collection_method": "charge_automatically",
                 "created": 1795000000, "currency": "usd", "customer": "%s", "customer_email": "ada@example.com",
                 "default_tax_rates": [], "discounts": [], "due_date": null, "footer": null,
                 "hosted_invoice_url": "https://invoice.stripe.com/i/acct_1/test_1", "invoice_pdf": null,
                 "lines": {"object": "list", "data": [%s], "has_more": %s, "total_count": 1,
                           "url": "/v1/invoices/%s/lines"},
                 "livemode": false, "metadata": {}, "number": "ABCD-0001",
                 "parent": {"quote_details": null,
                            "subscription_details": {"metadata": %s, "subscription": "%s"},
                            "type": "subscription_details"},
                 "payment_settings": {"default_mandate": null, "payment_method_options": null},
                 "period_end": 1795000000, "period_start": 1792400000, "status": "paid",
                 "status_transitions": {"finalized_at": 1795000000, "paid_at": 1795000000},
                 "subtotal": 1000, "total": %d, "total_discount_amounts": [], "total_taxes": []}""".formatted(
                        invoiceId,
                        total,
                        total,
                        customer,
                        String.join(", ", lines),
                        hasMore,
                        invoiceId,
                        metadata,
                        subscription,
                        total);
    }

    private static long total(String... lines) {
        long total = 0;
        for (String line : lines) {
            JsonNode json = JsonMapper.shared().readTree(line);
            total += json.path("amount").longValue();
            for (JsonNode discount : json.path("discount_amounts")) {
                total -= discount.path("amount").longValue();
            }
        }
        return Math.max(0, total);
    }

    /** A line for a whole period. */
    public static String line(String price, long amount, Instant start, Instant end, long... discounts) {
        return line(price, amount, 1, start, end, parent("subscription_item_details", false), discounts);
    }

    /** A line for part of a period, flagged as Stripe's own prorations are. */
    public static String proration(String price, long amount, Instant start, Instant end) {
        return line(price, amount, 1, start, end, parent("subscription_item_details", true));
    }

    /** A line for part of a period, flagged as prorations that waited as invoice items are. */
    public static String itemProration(String price, long amount, Instant start, Instant end) {
        return line(price, amount, 1, start, end, parent("invoice_item_details", true));
    }

    public static String line(
            String price, long amount, long quantity, Instant start, Instant end, String parent, long... discounts) {
        String discountAmounts = Arrays.stream(discounts)
                .mapToObj("{\"amount\": %d, \"discount\": \"di_1\"}"::formatted)
                .collect(Collectors.joining(", "));
        return """
                {"id": "il_1", "object": "line_item", "amount": %d, "currency": "usd",
                 "description": "1 x Paymaster (at $10.00 / month)", "discount_amounts": [%s], "discountable": true,
                 "discounts": [], "invoice": "in_1", "livemode": false, "metadata": {"user_id": "not this one"},
                 "parent": %s, "period": {"end": %d, "start": %d}, "pretax_credit_amounts": [],
                 "pricing": {"price_details": {"price": "%s", "product": "prod_1"}, "type": "price_details",
                             "unit_amount_decimal": "1000"},
                 "quantity": %d, "taxes": []}""".formatted(
                        amount, discountAmounts, parent, end.getEpochSecond(), start.getEpochSecond(), price, quantity);
    }

    private static String parent(String details, boolean proration) {
        String other = details.equals("invoice_item_details") ? "subscription_item_details" : "invoice_item_details";
        return """
                {"%s": {"invoice_item": null, "proration": %s, "proration_details": {"credited_items": null},
                        "subscription": null, "subscription_item": "si_1"},
                 "%s": null, "type": "%s"}""".formatted(details, proration, other, details);
    }

    /** A refund of a payment. */
    public static String refund(String id, String payment, long amount, String status) {
        return """
                {"id": "%s", "object": "refund", "amount": %d, "balance_transaction": "txn_1", "charge": "ch_%s",
                 "created": 1795000000, "currency": "usd", "destination_details": {"type": "card", "card": {}},
                 "metadata": {}, "payment_intent": "%s", "reason": null, "receipt_number": null,
                 "status": "%s"}""".formatted(id, amount, payment, payment, status);
    }

    /** A charge of which something was refunded. */
    public static String charge(String payment, long amount, long refunded) {
        return """
                {"id": "ch_%s", "object": "charge", "amount": %d, "amount_captured": %d, "amount_refunded": %d,
                 "captured": true, "currency": "usd", "customer": "cus_1", "livemode": false, "metadata": {},
                 "paid": true, "payment_intent": "%s", "refunded": %s, "status": "succeeded"}""".formatted(payment, amount, amount, refunded, payment, amount == refunded);
    }

    public static String dispute(String id, String payment, long amount, String status) {
        return """
                {"id": "%s", "object": "dispute", "amount": %d, "balance_transactions": [], "charge": "ch_%s",
                 "currency": "usd", "evidence_details": {"has_evidence": false}, "is_charge_refundable": false,
                 "livemode": false, "metadata": {}, "payment_intent": "%s", "reason": "fraudulent",
                 "status": "%s"}""".formatted(id, amount, payment, payment, status);
    }

    /** What links a payment to its invoice. */
    public static String invoicePayment(String payment, String invoice, long amount) {
        return """
                {"id": "inpay_%s", "object": "invoice_payment", "amount_paid": %d, "amount_requested": %d,
                 "created": 1795000000, "currency": "usd", "invoice": "%s", "is_default": true, "livemode": false,
                 "payment": {"payment_intent": "%s", "type": "payment_intent"}, "status": "paid",
                 "status_transitions": {"canceled_at": null, "paid_at": 1795000000}}""".formatted(payment, amount, amount, invoice, payment);
    }

    /** A credit note of a paid invoice, which gives a part back by a refund. */
    public static String creditNote(String id, String invoice, long amount, long refunded, String status) {
        return """
                {"id": "%s", "object": "credit_note", "amount": %d, "currency": "usd", "customer": "cus_1",
                 "invoice": "%s", "lines": {"object": "list", "data": [{"id": "cnli_1", "amount": %d}]},
                 "livemode": false, "metadata": {}, "out_of_band_amount": null, "post_payment_amount": %d,
                 "pre_payment_amount": 0,
                 "refunds": [{"amount_refunded": %d, "refund": "re_1", "type": "refund"}], "status": "%s",
                 "type": "post_payment"}""".formatted(id, amount, invoice, amount, amount, refunded, status);
    }

    /** A checkout session of mode {@code payment}. */
    public static String topUp(String id, String user, String pack, String payment, long total, String paymentStatus) {
        return """
                {"id": "%s", "object": "checkout.session", "amount_subtotal": %d, "amount_total": %d,
                 "client_reference_id": "%s", "created": 1795000000, "currency": "usd", "customer": "cus_%s",
                 "invoice": null, "livemode": false, "metadata": {"user_id": "%s", "pack": "%s"}, "mode": "payment",
                 "payment_intent": "%s", "payment_status": "%s", "status": "complete", "subscription": null,
                 "success_url": "http://localhost:3000/", "url": null}""".formatted(id, total, total, user, user, user, pack, payment, paymentStatus);
    }

    /** A {@code checkout.session.completed}. */
    public static String checkoutCompleted(String eventId, String customer, @Nullable UUID userId, String mode) {
        String reference = userId == null ? "null" : "\"" + userId + "\"";
        return event(eventId, "checkout.session.completed", """
                {"id": "cs_test_1", "object": "checkout.session", "amount_subtotal": 1000, "amount_total": 1000,
                 "client_reference_id": %s, "created": 1795000000, "currency": "usd", "customer": "%s",
                 "customer_details": {"email": "ada@example.com", "name": "Ada"}, "expires_at": 1795086400,
                 "invoice": "in_1", "livemode": false, "metadata": {}, "mode": "%s", "payment_intent": null,
                 "payment_status": "paid", "status": "complete", "subscription": "sub_1",
                 "success_url": "http://localhost:3000/", "url": null}""".formatted(reference, customer, mode));
    }
}
