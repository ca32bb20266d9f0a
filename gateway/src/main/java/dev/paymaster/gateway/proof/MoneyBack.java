package dev.paymaster.gateway.proof;

import dev.paymaster.gateway.stripe.ListPage.Item;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A refund or a dispute at Stripe.
 *
 * @param payment of which it takes something back
 * @param taken whether the money has left; it isn't so for an inquiry
 * @param returned whether it has come again: the refund failed, the dispute was won
 */
record MoneyBack(Kind kind, String id, String payment, long cents, boolean taken, boolean returned, Instant createdAt) {
    private static final Set<String> REFUND_ENDED = Set.of("failed", "canceled");

    /** How money comes back. */
    enum Kind {
        REFUND("refund_is_recorded", "refund_is_as_stripe_says"),
        DISPUTE("dispute_is_recorded", "dispute_is_as_stripe_says");

        private final String recorded;
        private final String same;

        Kind(String recorded, String same) {
            this.recorded = recorded;
            this.same = same;
        }
    }

    /** What is known here of one. */
    record Recorded(long cents, boolean taken, boolean returned) {}

    /** Empty for a refund of no payment, of a customer's cash balance for example. */
    static Optional<MoneyBack> refund(Item item) {
        JsonNode json = JsonMapper.shared().readTree(item.json());
        boolean ended = REFUND_ENDED.contains(json.path("status").asString(""));
        return of(Kind.REFUND, item, json, true, ended);
    }

    static Optional<MoneyBack> dispute(Item item) {
        JsonNode json = JsonMapper.shared().readTree(item.json());
        String status = json.path("status").asString("");
        boolean taken = !status.startsWith("warning_") && !status.equals("prevented");
        return of(Kind.DISPUTE, item, json, taken, status.equals("won"));
    }

    private static Optional<MoneyBack> of(Kind kind, Item item, JsonNode json, boolean taken, boolean returned) {
        String payment =
                json.path("payment_intent").asString(json.path("charge").asString(""));
        return payment.isEmpty()
                ? Optional.empty()
                : Optional.of(new MoneyBack(
                        kind,
                        item.id(),
                        payment,
                        json.path("amount").asLong(0),
                        taken,
                        returned,
                        Instant.ofEpochSecond(item.created())));
    }

    /**
     * What is wrong with these, given what is recorded of them.
     *
     * @param grace for what came back to have its effect
     */
    static List<Difference> differences(List<MoneyBack> all, Map<String, Recorded> recorded, Grace grace) {
        List<Difference> found = new ArrayList<>();
        for (MoneyBack back : all) {
            Recorded known = recorded.get(back.id());
            if (!grace.isOver(back.createdAt())) {
                continue;
            }
            if (known == null) {
                found.add(back.breaks(back.kind().recorded, "POST /api/admin/reconcile hands it on"));
            } else if (!back.isAs(known)) {
                found.add(back.breaks(
                        back.kind().same,
                        back.cents() + " cents, left: " + back.taken() + ", back again: " + back.returned()
                                + "; recorded: " + known.cents() + ", " + known.taken() + ", " + known.returned()));
            }
        }
        return found;
    }

    /** What once has left stays told: an inquiry may have been a dispute before. */
    private boolean isAs(Recorded known) {
        return cents == known.cents() && (known.taken() || !taken) && returned == known.returned();
    }

    /** Whether to tell of it once more would add nothing: what is told only ever adds. */
    boolean isTold(@Nullable Recorded known) {
        return known != null && known.cents() >= cents && (known.taken() || !taken) && (known.returned() || !returned);
    }

    private Difference breaks(String rule, String detail) {
        return new Difference(rule, id, detail);
    }
}
