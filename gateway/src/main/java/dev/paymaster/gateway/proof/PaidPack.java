package dev.paymaster.gateway.proof;

import dev.paymaster.gateway.stripe.ListPage.Item;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A complete Checkout session at Stripe that has paid for a pack of credits.
 *
 * @param userId whom it names
 * @param credits that it was sold with; blank: as the settings said
 */
record PaidPack(String id, String userId, Instant createdAt, String currency, String credits, long cents) {
    private static final Set<String> PAID = Set.of("paid", "no_payment_required");

    /** What was granted for a session. */
    record TopUp(UUID userId, long credits, long cents) {}

    /** Empty for a session that buys something else, or isn't paid yet. */
    static Optional<PaidPack> of(Item item) {
        JsonNode json = JsonMapper.shared().readTree(item.json());
        JsonNode metadata = json.path("metadata");
        if (!json.path("mode").asString("").equals("payment")
                || !metadata.path("pack").isString()
                || !PAID.contains(json.path("payment_status").asString(""))) {
            return Optional.empty();
        }
        return Optional.of(new PaidPack(
                item.id(),
                metadata.path("user_id")
                        .asString(json.path("client_reference_id").asString("")),
                Instant.ofEpochSecond(item.created()),
                json.path("currency").asString(""),
                metadata.path("credits").asString(""),
                json.path("amount_total").asLong(0)));
    }

    /**
     * What is wrong with these, given what was granted for them.
     *
     * @param grace for what was paid to have its effect
     */
    static List<Difference> differences(List<PaidPack> packs, Map<String, TopUp> granted, Grace grace) {
        List<Difference> found = new ArrayList<>();
        for (PaidPack pack : packs) {
            TopUp topUp = granted.get(pack.id());
            if (topUp == null) {
                if (grace.isOver(pack.createdAt())) {
                    found.add(pack.breaks("paid_pack_is_granted", Effects.remedy(pack.createdAt(), pack.currency())));
                }
            } else if (!pack.isAs(topUp)) {
                found.add(pack.breaks(
                        "pack_is_granted_as_it_was_sold",
                        pack.credits() + " credits for " + pack.cents() + " cents to " + pack.userId()
                                + "; granted were " + topUp.credits() + " for " + topUp.cents() + " to "
                                + topUp.userId()));
            }
        }
        return found;
    }

    private boolean isAs(TopUp topUp) {
        return userId.equals(topUp.userId().toString())
                && cents == topUp.cents()
                && (credits.isEmpty() || credits.equals(Long.toString(topUp.credits())));
    }

    private Difference breaks(String rule, String detail) {
        return new Difference(rule, id, detail);
    }
}
