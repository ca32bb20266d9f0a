package dev.paymaster.credit.stripe;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/** Gathers the fields of one invoice line. */
final class LineFields {
    private final JsonParser json;
    private long amount;
    private long discount;
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
        return new InvoiceLine(amount, discount, Math.max(1, quantity), price, subscription, periodStart, periodEnd);
    }

    private void field(String name) {
        switch (name) {
            case "amount" -> amount = Fields.number(json, 0);
            case "quantity" -> quantity = Fields.number(json, 1);
            case "discount_amounts" -> Fields.each(json, () -> Fields.of(json, this::discountField));
            case "period" -> Fields.of(json, this::periodField);
            case "pricing" -> Fields.of(json, this::pricingField);
            case "parent" -> Fields.of(json, this::parentField);
            // As it was before 2025.
            case "price" -> setPrice(Fields.id(json));
            case "subscription" -> setSubscription(Fields.id(json));
            default -> json.skipChildren();
        }
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
        if (name.equals("subscription")) {
            setSubscription(Fields.id(json));
        } else {
            json.skipChildren();
        }
    }

    private void setPrice(@Nullable String found) {
        price = found != null ? found : price;
    }

    private void setSubscription(@Nullable String found) {
        subscription = found != null ? found : subscription;
    }
}
