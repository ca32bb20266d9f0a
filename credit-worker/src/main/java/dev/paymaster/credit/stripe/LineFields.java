package dev.paymaster.credit.stripe;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Gathers the fields of one invoice line. */
final class LineFields {
    private final JsonParser json;
    private long amount;
    private long discount;
    private boolean discounted;
    private boolean proration;
    private boolean credit;
    private long quantity = 1;
    private @Nullable String price;
    private @Nullable String subscription;
    private @Nullable Instant periodStart;
    private @Nullable Instant periodEnd;

    LineFields(JsonParser json) {
        this.json = json;
    }

    InvoiceLine read() {
        Fields.of(json, this::field);
        boolean some = quantity > 0;
        return new InvoiceLine(
                amount,
                discount,
                some && proration && discounted,
                some && credit,
                Math.max(0, quantity),
                price,
                subscription,
                periodStart,
                periodEnd);
    }

    private void field(String name) {
        switch (name) {
            case "amount" -> amount = Fields.number(json, 0);
            case "quantity" -> quantity = Fields.number(json, 1);
            case "discount_amounts" -> Fields.each(json, this::discountAmount);
            case "discounts" -> Fields.each(json, this::discount);
            case "period" -> Fields.of(json, this::periodField);
            case "pricing" -> Fields.of(json, this::pricingField);
            case "parent" -> Fields.of(json, this::parentField);
            // As it was before 2025.
            case "price" -> setPrice(Fields.id(json));
            case "subscription" -> setSubscription(Fields.id(json));
            case "proration", "proration_details" -> detailsField(name);
            default -> json.skipChildren();
        }
    }

    private void discount() {
        discounted = true;
        json.skipChildren();
    }

    private void discountAmount() {
        discounted = true;
        Fields.of(json, this::discountField);
    }

    private void discountField(String name) {
        if (name.equals("amount")) {
            discount = Math.addExact(discount, Fields.number(json, 0));
        } else {
            json.skipChildren();
        }
    }

    private void periodField(String name) {
        switch (name) {
            case "start" -> periodStart = Fields.instant(json);
            case "end" -> periodEnd = Fields.instant(json);
            default -> json.skipChildren();
        }
    }

    private void pricingField(String name) {
        if (name.equals("price_details")) {
            Fields.of(json, this::priceDetailsField);
        } else {
            json.skipChildren();
        }
    }

    private void priceDetailsField(String name) {
        if (name.equals("price")) {
            setPrice(Fields.id(json));
        } else {
            json.skipChildren();
        }
    }

    /** The subscription is named under the subscription item, or, of what has waited for an invoice, under the invoice item. */
    private void parentField(String name) {
        switch (name) {
            case "subscription_item_details", "invoice_item_details" -> Fields.of(json, this::detailsField);
            default -> json.skipChildren();
        }
    }

    private void detailsField(String name) {
        switch (name) {
            case "subscription" -> setSubscription(Fields.id(json));
            case "proration" -> proration |= Fields.isTrue(json);
            case "proration_details" -> Fields.of(json, this::prorationField);
            default -> json.skipChildren();
        }
    }

    private void prorationField(String name) {
        if (name.equals("credited_items")) {
            credit |= json.currentToken() == JsonToken.START_OBJECT;
        }
        json.skipChildren();
    }

    private void setPrice(@Nullable String found) {
        price = found != null ? found : price;
    }

    private void setSubscription(@Nullable String found) {
        subscription = found != null ? found : subscription;
    }
}
