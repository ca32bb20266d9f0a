package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Coupons at work on subscriptions and on what is paid for them. Called inside {@link Store#transact}. */
final class Discounts {
    private final Billing.Tools tools;
    private final Store store;

    Discounts(Billing.Tools tools) {
        this.tools = tools;
        this.store = tools.store();
    }

    /** The coupons that a call's {@code discounts} name. */
    List<ObjectNode> coupons(JsonNode given) {
        List<ObjectNode> coupons = new ArrayList<>();
        for (JsonNode one : given) {
            String id = Json.require(one, "coupon");
            ObjectNode coupon = store.find(Kind.COUPON, id);
            if (coupon == null) {
                throw StripeRefusal.missing("coupon", id, "discounts[" + coupons.size() + "][coupon]");
            }
            coupons.add(coupon);
        }
        return coupons;
    }

    /** What coupons take off an amount, in their order; never more than there is. */
    static long off(long cents, List<ObjectNode> coupons) {
        long left = Math.max(cents, 0);
        for (ObjectNode coupon : coupons) {
            long percent = coupon.required("percent_off").asLong(0);
            long amount = percent > 0
                    ? Math.floorDiv(2 * left * percent + 100, 200)
                    : coupon.required("amount_off").asLong(0);
            left -= Math.min(left, amount);
        }
        return Math.max(cents, 0) - left;
    }

    /** What discounts take off an amount. */
    long off(long cents, JsonNode discountIds) {
        return off(
                cents,
                discountIds
                        .valueStream()
                        .map(id -> couponOf(store.get(Kind.DISCOUNT, id.stringValue())))
                        .filter(Objects::nonNull)
                        .toList());
    }

    private @Nullable ObjectNode couponOf(ObjectNode discount) {
        return store.find(Kind.COUPON, Json.require(discount.required("source"), "coupon"));
    }

    /** Puts coupons on a draft of a subscription, in place of what was there. */
    void put(ObjectNode draft, List<ObjectNode> coupons) {
        ArrayNode discounts = draft.putArray("discounts");
        for (ObjectNode coupon : coupons) {
            long now = tools.clock().now();
            ObjectNode discount = Shapes.of("discount")
                    .put("id", tools.ids().next(Kind.DISCOUNT))
                    .put("customer", Json.text(draft, "customer"))
                    .put("start", now)
                    .put("subscription", Json.require(draft, "id"));
            discount.withObjectProperty("source").put("coupon", Json.require(coupon, "id"));
            if ("repeating".equals(Json.text(coupon, "duration"))) {
                long months = coupon.required("duration_in_months").asLong(1);
                discount.put(
                        "end",
                        Instant.ofEpochSecond(now)
                                .atZone(ZoneOffset.UTC)
                                .plusMonths(months)
                                .toEpochSecond());
            }
            store.put(Kind.DISCOUNT, discount);
            store.put(
                    Kind.COUPON,
                    coupon.deepCopy()
                            .put(
                                    "times_redeemed",
                                    coupon.required("times_redeemed").longValue() + 1));
            tools.events().emit("customer.discount.created", discount);
            discounts.add(Json.require(discount, "id"));
        }
    }

    /** Writes a subscription's discounts on its invoice and the invoice's lines; a proration's amount is net of them already. */
    void apply(ObjectNode invoice, List<ObjectNode> lines, JsonNode discountIds) {
        long off = 0;
        for (JsonNode id : discountIds) {
            ObjectNode coupon = couponOf(store.get(Kind.DISCOUNT, id.stringValue()));
            if (coupon == null) {
                continue;
            }
            long each = 0;
            for (ObjectNode line : lines) {
                long already = line.required("discount_amounts")
                        .valueStream()
                        .mapToLong(amount -> amount.required("amount").longValue())
                        .sum();
                long left = line.required("amount").longValue() - already;
                long ofLine = line.required("discountable").booleanValue() ? off(left, List.of(coupon)) : 0;
                if (ofLine > 0 || InvoiceLines.isProration(line)) {
                    line.withArrayProperty("discount_amounts").add(amount(ofLine, id.stringValue()));
                    each += ofLine;
                }
            }
            invoice.withArrayProperty("discounts").add(id.stringValue());
            invoice.withArrayProperty("total_discount_amounts").add(amount(each, id.stringValue()));
            off += each;
        }
        invoice.put("total", invoice.required("subtotal").longValue() - off);
    }

    /** Takes the discounts that have been used up off a draft of a subscription. */
    void expire(ObjectNode draft) {
        ArrayNode left = Json.array();
        for (JsonNode id : draft.required("discounts")) {
            ObjectNode discount = store.get(Kind.DISCOUNT, id.stringValue());
            ObjectNode coupon = couponOf(discount);
            boolean once = coupon == null || "once".equals(Json.text(coupon, "duration"));
            if (!once
                    && discount.required("end").asLong(Long.MAX_VALUE)
                            > tools.clock().now()) {
                left.add(id);
            } else {
                tools.events().emit("customer.discount.deleted", discount);
            }
        }
        draft.set("discounts", left);
    }

    private static ObjectNode amount(long cents, String discount) {
        return Json.object().put("amount", cents).put("discount", discount);
    }
}
