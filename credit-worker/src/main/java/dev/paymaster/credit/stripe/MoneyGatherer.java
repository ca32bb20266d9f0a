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
    private long amountTotal;
    private long postPayment;
    private long refunds;
    private long outOfBand;
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
                amountTotal,
                postPayment,
                refunds,
                outOfBand,
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
            case "amount_total" -> amountTotal = Fields.number(json, 0);
            case "post_payment_amount" -> postPayment = Fields.number(json, 0);
            case "out_of_band_amount" -> outOfBand = Fields.number(json, 0);
            case "payment" -> Fields.of(json, this::paymentField);
            case "refunds" -> Fields.each(json, () -> Fields.of(json, this::refundField));
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

    private void refundField(String name) {
        if (name.equals("amount_refunded")) {
            refunds = Math.addExact(refunds, Fields.number(json, 0));
        } else {
            json.skipChildren();
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
