package dev.paymaster.system.chaos;

import dev.paymaster.system.world.StripeControl;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A paid invoice, or a pack that was bought once, as Stripe has it; an invoice is one of a tier.
 *
 * @param period what it was paid for, together with others perhaps; of a pack, its checkout
 * @param awayCents what came back by refunds, and by disputes that aren't won
 */
record Purchase(String user, String period, long credits, long paidCents, long awayCents) {
    private static final Map<String, Long> CREDITS =
            Map.of("price_paymaster_starter", 50L, "price_paymaster_pro", 150L, "price_paymaster_team", 500L);

    /** Credits that were bought: what they granted, and what was taken back of that and is not given again. */
    record Credits(long granted, long taken) {
        Credits plus(Credits other) {
            return new Credits(granted + other.granted, taken + other.taken);
        }
    }

    /** What was bought, by user, and what went back with the money. */
    static Map<String, Credits> credits(Collection<Purchase> purchases) {
        Map<String, Map<String, List<Purchase>>> periods = new HashMap<>();
        for (Purchase each : purchases) {
            periods.computeIfAbsent(each.user, _ -> new HashMap<>())
                    .computeIfAbsent(each.period, _ -> new ArrayList<>())
                    .add(each);
        }
        Map<String, Credits> credits = new HashMap<>();
        periods.forEach((user, of) -> of.values().forEach(period -> credits.merge(user, of(period), Credits::plus)));
        return credits;
    }

    /** The highest tier counts; each step up to it goes with the money that paid for the step. */
    private static Credits of(List<Purchase> period) {
        Credits credits = new Credits(0, 0);
        for (long tier :
                period.stream().mapToLong(Purchase::credits).sorted().distinct().toArray()) {
            long step = tier - credits.granted;
            long taken = period.stream()
                    .filter(each -> each.credits == tier)
                    .mapToLong(each -> each.taken(step))
                    .min()
                    .orElseThrow();
            credits = credits.plus(new Credits(step, taken));
        }
        return credits;
    }

    /** In proportion, rounded in the user's favour. */
    private long taken(long of) {
        return paidCents == 0 ? 0 : of * Math.min(awayCents, paidCents) / paidCents;
    }

    /** Everything that was paid for. */
    static List<Purchase> at(StripeControl stripe) {
        Map<String, String> users = new HashMap<>();
        stripe.all("/v1/customers?limit=100")
                .forEach(each -> users.put(
                        each.path("id").stringValue(),
                        each.at("/metadata/user_id").asString("")));
        Map<String, Long> away = new HashMap<>();
        stripe.all("/v1/charges?limit=100")
                .forEach(each -> away.merge(
                        each.path("payment_intent").asString(""),
                        each.path("amount_refunded").longValue(),
                        Long::sum));
        stripe.all("/v1/disputes?limit=100").stream()
                .filter(each -> !each.path("status").stringValue().equals("won"))
                .forEach(each -> away.merge(
                        each.path("payment_intent").asString(""),
                        each.path("amount").longValue(),
                        Long::sum));
        Map<String, Long> awayOfInvoice = new HashMap<>();
        stripe.all("/v1/invoice_payments?limit=100")
                .forEach(each -> awayOfInvoice.merge(
                        each.path("invoice").stringValue(),
                        away.getOrDefault(each.at("/payment/payment_intent").asString(""), 0L),
                        Long::sum));
        List<Purchase> purchases = new ArrayList<>();
        stripe.all("/v1/invoices?status=paid&limit=100")
                .forEach(each -> purchases.add(of(
                        each,
                        users.getOrDefault(each.path("customer").stringValue(), ""),
                        awayOfInvoice.getOrDefault(each.path("id").stringValue(), 0L))));
        stripe.all("/v1/checkout/sessions?status=complete&limit=100").stream()
                .filter(each -> each.path("mode").stringValue().equals("payment"))
                .forEach(each -> purchases.add(new Purchase(
                        users.getOrDefault(each.path("customer").stringValue(), ""),
                        each.path("id").stringValue(),
                        Long.parseLong(each.at("/metadata/credits").stringValue()),
                        each.path("amount_total").longValue(),
                        away.getOrDefault(each.path("payment_intent").asString(""), 0L))));
        return purchases;
    }

    /** Its dearest line counts: the others give back what is left of the tier before. */
    private static Purchase of(JsonNode invoice, String user, long awayCents) {
        long credits = 0;
        String period = "";
        for (JsonNode line : invoice.at("/lines/data")) {
            long tier =
                    CREDITS.getOrDefault(line.at("/pricing/price_details/price").asString(""), 0L);
            if (line.path("amount").longValue() > 0 && tier > credits) {
                credits = tier;
                period = invoice.at("/parent/subscription_details/subscription").asString("") + " until "
                        + line.at("/period/end");
            }
        }
        return new Purchase(user, period, credits, invoice.path("amount_paid").longValue(), awayCents);
    }
}
