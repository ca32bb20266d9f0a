package dev.paymaster.credit.stripe;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/** Gathers the fields of one object that are about money. */
final class MoneyGatherer {
    private final JsonParser json;
    private @Nullable String currency;
    private @Nullable String status;
    private @Nullable String paymentStatus;
    private @Nullable String paymentIntent;
    private @Nullable String charge;
    private @Nullable String invoice;
    private long created;
    private long amount;
    private long amountRefunded;
    private long amountPaid;
    private long startingBalance;
    private long endingBalance;
    private long total;
    private long credited;
    private long amountTotal;
    private long postPayment;
    private long refunds;
    private long outOfBand;
    private long notedRefunds;
    private long refund;
    private @Nullable String refundType;
    private @Nullable String ownerId;
    private @Nullable String pack;
    private @Nullable String packCredits;

    MoneyGatherer(JsonParser json) {
        this.json = json;
    }

    MoneyFields gathered() {
        return new MoneyFields(
                currency,
                status,
                paymentStatus,
                paymentIntent,
                charge,
                invoice,
                created,
                amount,
                amountRefunded,
                amountPaid,
                startingBalance,
                endingBalance,
                total,
                credited,
                amountTotal,
                postPayment,
                refunds,
                Math.addExact(outOfBand, notedRefunds),
                ownerId,
                pack,
                packCredits);
    }

    /** Takes the value of a field of the object, or skips it. */
    void field(String name) {
        switch (name) {
            case "currency" -> currency = Fields.text(json);
            case "status" -> status = Fields.text(json);
            case "payment_status" -> paymentStatus = Fields.text(json);
            case "payment_intent" -> paymentIntent = Fields.id(json);
            case "charge" -> charge = Fields.id(json);
            case "invoice" -> invoice = Fields.id(json);
            case "created" -> created = Fields.number(json, 0);
            case "amount" -> amount = Fields.number(json, 0);
            case "amount_refunded" -> amountRefunded = Fields.number(json, 0);
            case "amount_paid" -> amountPaid = Fields.number(json, 0);
            case "starting_balance" -> startingBalance = Fields.number(json, 0);
            case "ending_balance" -> endingBalance = Fields.number(json, 0);
            case "total" -> total = Fields.number(json, 0);
            case "pre_payment_credit_notes_amount" -> credited = Fields.number(json, 0);
            case "amount_total" -> amountTotal = Fields.number(json, 0);
            case "post_payment_amount" -> postPayment = Fields.number(json, 0);
            case "out_of_band_amount" -> outOfBand = Fields.number(json, 0);
            case "payment" -> Fields.of(json, this::paymentField);
            case "refunds" -> Fields.each(json, this::refund);
            case "metadata" -> Fields.of(json, this::metadataField);
            default -> json.skipChildren();
        }
    }

    private void paymentField(String name) {
        switch (name) {
            case "payment_intent" -> paymentIntent = Fields.id(json);
            case "charge" -> charge = Fields.id(json);
            default -> json.skipChildren();
        }
    }

    /** What is only noted on a record of a payment was given back outside of Stripe: no event of a refund tells of it. */
    private void refund() {
        refund = 0;
        refundType = null;
        Fields.of(json, this::refundField);
        if (refundType == null || refundType.equals("refund")) {
            refunds = Math.addExact(refunds, refund);
        } else {
            notedRefunds = Math.addExact(notedRefunds, refund);
        }
    }

    private void refundField(String name) {
        switch (name) {
            case "amount_refunded" -> refund = Fields.number(json, 0);
            case "type" -> refundType = Fields.text(json);
            default -> json.skipChildren();
        }
    }

    private void metadataField(String name) {
        switch (name) {
            case "user_id" -> ownerId = Fields.text(json);
            case "pack" -> pack = Fields.text(json);
            case "credits" -> packCredits = Fields.text(json);
            default -> json.skipChildren();
        }
    }
}
