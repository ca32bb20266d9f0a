package dev.paymaster.gateway.proof;

import dev.paymaster.gateway.stripe.ListPage.Item;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A transfer at Stripe.
 *
 * @param jobId whose payout it is, from its transfer group; empty for one that isn't ours
 * @param payoutId what it names as our payouts' transfers do, whatever that is; blank: nothing
 * @param backCents what of it has come back
 * @param backAt when it last did; null: not as far as Stripe shows
 */
record StripeTransfer(
        String id,
        long cents,
        String currency,
        String account,
        Optional<UUID> jobId,
        String payoutId,
        Instant createdAt,
        long backCents,
        @Nullable Instant backAt) {
    private static final String BELONGS = "transfer_belongs_to_a_payout";

    static StripeTransfer of(Item item) {
        JsonNode json = JsonMapper.shared().readTree(item.json());
        return new StripeTransfer(
                item.id(),
                json.path("amount").asLong(0),
                json.path("currency").asString(""),
                json.path("destination").asString(""),
                uuid(json.path("transfer_group").asString("")),
                json.at("/metadata/payout_id").asString(""),
                Instant.ofEpochSecond(item.created()),
                json.path("amount_reversed").asLong(0),
                backAt(json.at("/reversals/data")));
    }

    private static @Nullable Instant backAt(JsonNode reversals) {
        return reversals
                .valueStream()
                .map(reversal -> Instant.ofEpochSecond(reversal.path("created").asLong(0)))
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * What is wrong with these, given the payouts of their jobs.
     *
     * @param grace for payouts to learn of what has become of their transfer, since that came about at Stripe
     */
    static List<Difference> differences(List<StripeTransfer> transfers, Map<UUID, Payout> byJob, Grace grace) {
        List<Difference> found = new ArrayList<>();
        for (StripeTransfer transfer : transfers) {
            Payout payout = transfer.jobId().map(byJob::get).orElse(null);
            if (payout == null) {
                found.add(transfer.breaks(BELONGS, "no payout is of its group"));
            } else if (payout.transferId() == null) {
                if (!transfer.isTakenBack() && grace.isOver(transfer.createdAt())) {
                    found.add(transfer.breaks(
                            "transfer_is_recorded", "payout " + payout.id() + " is " + payout.status()));
                }
            } else if (!payout.transferId().equals(transfer.id())) {
                if (!transfer.isTakenBack()) {
                    found.add(transfer.breaks(
                            "job_is_paid_once", "payout " + payout.id() + " was paid by " + payout.transferId()));
                }
            } else {
                transfer.compared(payout, grace).ifPresent(found::add);
            }
        }
        return found;
    }

    /** Whether nothing about it is as we make them: another product on the same account, or somebody by hand, has made it. */
    boolean isOfOthers() {
        return jobId.isEmpty() && payoutId.isBlank();
    }

    /** What one of others breaks. */
    Difference strange() {
        return breaks(BELONGS, "it names no job and no payout");
    }

    /** Whether all of it has come back: its payout may be made once more. */
    private boolean isTakenBack() {
        return backCents >= cents;
    }

    private Optional<Difference> compared(Payout payout, Grace grace) {
        if (cents != payout.cents() || !currency.equals("usd") || !Objects.equals(account, payout.accountId())) {
            return Optional.of(breaks(
                    "transfer_is_as_the_payout",
                    cents + " " + currency + " to " + account + ", payout " + payout.id() + ": " + payout.cents()
                            + " usd to " + payout.accountId()));
        }
        if (backCents != payout.backCents() && grace.isOver(backAt == null ? createdAt : backAt)) {
            return Optional.of(breaks(
                    "reversal_is_recorded",
                    backCents + " cents have come back; payout " + payout.id() + " is " + payout.status() + ", and "
                            + payout.backCents() + " have"));
        }
        return Optional.empty();
    }

    private Difference breaks(String rule, String detail) {
        return new Difference(rule, id, detail);
    }
}
