package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.state.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a change in the middle of a period costs, to the second: the unused rest of the old item is credited, the rest of
 * the new one charged (<a href="https://docs.stripe.com/billing/subscriptions/prorations">prorations</a>), both net of the
 * subscription's discounts: so it is with {@code proration_discounts: included}.
 */
final class Prorations {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ROOT);

    private static final String UNUSED = "Unused time on ";
    private static final String REMAINING = "Remaining time on ";

    private final InvoiceLines lines;
    private final Discounts discounts;

    Prorations(InvoiceLines lines, Discounts discounts) {
        this.lines = lines;
        this.discounts = discounts;
    }

    /** Whether a line of this text credits; one that a coupon has left at 0 has no sign. */
    static boolean isCredit(@Nullable String text) {
        return text != null && text.startsWith(UNUSED);
    }

    /** A credit (negative) or a charge for the rest of a period. */
    record Part(ObjectNode item, long cents, Period period, String text) {}

    /** The parts of a change of items at {@code at}; what is the same before and after has none. */
    List<Part> of(ObjectNode before, ObjectNode after, long at) {
        List<Part> parts = new ArrayList<>();
        for (JsonNode old : Json.data(before, "items")) {
            ObjectNode now = find(after, Json.require(old, "id"));
            if (now == null || !same(old, now)) {
                parts.add(part(before, (ObjectNode) old, at, -1, UNUSED));
            }
        }
        for (JsonNode now : Json.data(after, "items")) {
            ObjectNode old = find(before, Json.require(now, "id"));
            if (old == null || !same(old, now)) {
                parts.add(part(after, (ObjectNode) now, at, 1, REMAINING));
            }
        }
        return parts;
    }

    /** What wasn't used of a subscription that ends now. */
    List<Part> unused(ObjectNode subscription, long at) {
        return Json.data(subscription, "items")
                .valueStream()
                .map(item -> part(subscription, (ObjectNode) item, at, -1, UNUSED))
                .toList();
    }

    private Part part(ObjectNode subscription, ObjectNode item, long at, int sign, String text) {
        Period whole = Period.current(item);
        long from = Math.clamp(at, whole.start(), whole.end());
        JsonNode price = item.required("price");
        long cents = price.required("unit_amount").longValue()
                * item.required("quantity").longValue();
        long net = cents - discounts.off(cents, subscription.required("discounts"));
        String day = DAY.format(Instant.ofEpochSecond(from).atZone(ZoneOffset.UTC));
        String described = text + lines.product(price) + " after " + day;
        return new Part(item, sign * whole.share(net, from), new Period(from, whole.end()), described);
    }

    private static @Nullable ObjectNode find(ObjectNode subscription, String item) {
        return (ObjectNode) Json.data(subscription, "items")
                .valueStream()
                .filter(one -> item.equals(Json.text(one, "id")))
                .findFirst()
                .orElse(null);
    }

    private static boolean same(JsonNode one, JsonNode other) {
        return one.required("quantity").equals(other.required("quantity"))
                && Json.require(one.required("price"), "id").equals(Json.require(other.required("price"), "id"));
    }
}
