package dev.paymaster.gateway.proof;

import dev.paymaster.gateway.stripe.ListPage.Item;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A paid invoice at Stripe.
 *
 * @param userId whom it names; blank for nobody
 * @param prices of its lines that cost something, or give something back
 */
record PaidInvoice(String id, String userId, Instant paidAt, Set<String> prices) {
    static PaidInvoice of(Item item) {
        JsonNode json = JsonMapper.shared().readTree(item.json());
        Set<String> prices = new HashSet<>();
        if (json.path("parent").path("subscription_details").isObject()) {
            for (JsonNode line : json.path("lines").path("data")) {
                if (line.path("amount").asLong(0) != 0) {
                    prices.add(line.path("pricing")
                            .path("price_details")
                            .path("price")
                            .asString(""));
                }
            }
        }
        return new PaidInvoice(
                item.id(),
                json.path("parent")
                        .path("subscription_details")
                        .path("metadata")
                        .path("user_id")
                        .asString(""),
                Instant.ofEpochSecond(
                        json.path("status_transitions").path("paid_at").asLong(item.created())),
                Set.copyOf(prices));
    }

    /** Whether a price of ours was paid for, or given back. */
    boolean entitles(Set<String> ours) {
        return prices.stream().anyMatch(ours::contains);
    }

    /**
     * What is wrong with these, given whose they are here.
     *
     * @param users by invoice; blank for one that waits for its user
     * @param settled what was paid before then has had its effect
     */
    static List<Difference> differences(List<PaidInvoice> invoices, Map<String, String> users, Instant settled) {
        List<Difference> found = new ArrayList<>();
        for (PaidInvoice invoice : invoices) {
            String user = users.get(invoice.id());
            if (user == null) {
                if (invoice.paidAt().isBefore(settled)) {
                    found.add(new Difference(
                            "paid_invoice_is_applied",
                            invoice.id(),
                            "paid at " + invoice.paidAt() + "; POST /api/admin/reconcile hands it on"));
                }
            } else if (!user.isEmpty() && !invoice.userId().isEmpty() && !user.equals(invoice.userId())) {
                found.add(new Difference(
                        "invoice_is_its_users",
                        invoice.id(),
                        "it names " + invoice.userId() + ", and the credits went to " + user));
            }
        }
        return found;
    }
}
