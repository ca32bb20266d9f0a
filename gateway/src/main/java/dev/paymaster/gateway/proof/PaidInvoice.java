package dev.paymaster.gateway.proof;

import dev.paymaster.gateway.stripe.ListPage.Item;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A paid invoice at Stripe.
 *
 * @param userId whom it names; blank for nobody
 * @param totalCents what was billed
 * @param paidCents what was paid of that, and not taken from the customer's balance
 * @param bought what was paid for of ours, or given back, as far as the list shows it
 * @param shown whether the list shows all of its lines
 */
record PaidInvoice(
        String id,
        String userId,
        Instant paidAt,
        String currency,
        long totalCents,
        long paidCents,
        List<Bought> bought,
        boolean shown) {
    /** By then Stripe was asked several times, and will be once a day for ever. */
    private static final Duration PARKED_LONG = Duration.ofDays(1);

    PaidInvoice {
        bought = List.copyOf(bought);
    }

    /**
     * A line with a price of ours that costs something, gives something back, or is of a trial that grants.
     *
     * @param units how many of the tier
     * @param cents after discounts
     * @param proration whether it is about a part of a period, or gives back; what that comes to depends on the other lines
     */
    record Bought(String tier, Period period, long units, long cents, boolean proration) {
        boolean givesBack() {
            return cents < 0;
        }
    }

    /** Waiting until it is known whose the customer is. */
    record Parked(String customerId, Instant since) {}

    /** A service period of a subscription. */
    record Period(String subscription, Instant end) {}

    /**
     * What an invoice entitles to for a period.
     *
     * @param tier blank: nobody has noted it
     */
    record Claimed(String tier, long credits) {}

    /**
     * An invoice here.
     *
     * @param userId null: it waits for its user
     * @param cashCents null: nobody has noted it
     * @param at when it was applied, or began to wait
     * @param claims the periods that it entitles to
     * @param givenBack the periods for which it gives something back, or as much as it bills
     * @param parked how it waits; null: it doesn't
     */
    record Applied(
            @Nullable UUID userId,
            @Nullable Long cashCents,
            Instant at,
            Map<Period, Claimed> claims,
            Set<Period> givenBack,
            @Nullable Parked parked) {
        /** One that has had its effect. */
        Applied(
                @Nullable UUID userId,
                @Nullable Long cashCents,
                Instant at,
                Map<Period, Claimed> claims,
                Set<Period> givenBack) {
            this(userId, cashCents, at, claims, givenBack, null);
        }

        static Applied parked(String customerId, Instant since) {
            return new Applied(null, null, since, Map.of(), Set.of(), new Parked(customerId, since));
        }

        /** With the periods of another row. */
        Applied and(Applied other) {
            Map<Period, Claimed> allClaims = new HashMap<>(claims);
            allClaims.putAll(other.claims());
            Set<Period> allGivenBack = new HashSet<>(givenBack);
            allGivenBack.addAll(other.givenBack());
            return new Applied(userId, cashCents, at, Map.copyOf(allClaims), Set.copyOf(allGivenBack));
        }

        private boolean claims(Period period, Set<String> tiers) {
            Claimed claimed = claims.get(period);
            return claimed != null && (claimed.tier().isEmpty() || tiers.contains(claimed.tier()));
        }

        private boolean notes(Period period) {
            return claims.containsKey(period) || givenBack.contains(period);
        }
    }

    static PaidInvoice of(Item item, Tiers tiers) {
        JsonNode json = JsonMapper.shared().readTree(item.json());
        JsonNode subscription = json.path("parent").path("subscription_details");
        List<Bought> bought = new ArrayList<>();
        for (JsonNode line : json.path("lines").path("data")) {
            bought(line, subscription.path("subscription").asString(""), tiers).ifPresent(bought::add);
        }
        if (isCalledOff(json, bought)) {
            bought.clear();
        }
        return new PaidInvoice(
                item.id(),
                subscription.path("metadata").path("user_id").asString(""),
                Instant.ofEpochSecond(
                        json.path("status_transitions").path("paid_at").asLong(item.created())),
                json.path("currency").asString(""),
                json.path("total").asLong(0),
                json.path("amount_paid").asLong(0),
                subscription.isObject() ? bought : givenBack(bought, json.path("lines")),
                !json.path("lines").path("has_more").asBoolean(false));
    }

    /** Whether credit notes left nothing to pay of what was billed: not with what the invoice gives back, either. */
    private static boolean isCalledOff(JsonNode json, List<Bought> bought) {
        Collection<Long> nets = netByPeriod(bought.stream()).values();
        long givenBack = nets.stream().mapToLong(cents -> Math.max(0, -cents)).sum();
        long credited = json.path("pre_payment_credit_notes_amount").asLong(0);
        return credited > 0
                && credited >= json.path("total").asLong(0) + givenBack
                && nets.stream().anyMatch(cents -> cents > 0);
    }

    private static Map<Period, Long> netByPeriod(Stream<Bought> lines) {
        return lines.collect(Collectors.groupingBy(Bought::period, Collectors.summingLong(Bought::cents)));
    }

    /** One by hand grants nothing, but gives back unused time of subscriptions, unless it bills more for the same period. */
    private static List<Bought> givenBack(List<Bought> lines, JsonNode shown) {
        if (shown.path("has_more").asBoolean(false)) {
            return List.of();
        }
        Map<Period, Long> billed = netByPeriod(
                lines.stream().filter(line -> !line.period().subscription().isEmpty()));
        return lines.stream()
                .filter(line -> line.givesBack() && billed.getOrDefault(line.period(), 1L) <= 0)
                .toList();
    }

    private static Optional<Bought> bought(JsonNode line, String subscription, Tiers tiers) {
        String tier = tiers.byPrice()
                .get(line.path("pricing").path("price_details").path("price").asString(""));
        long cents = line.path("amount").asLong(0);
        JsonNode byItem = line.path("parent").path("subscription_item_details");
        JsonNode byHand = line.path("parent").path("invoice_item_details");
        if (tier == null) {
            return Optional.empty();
        }
        boolean counts = cents != 0
                || isNetOfAll(line, byItem)
                || isNetOfAll(line, byHand)
                || (tiers.grantingOnTrial().contains(tier) && isTrial(line, byItem, byHand));
        if (!counts) {
            return Optional.empty();
        }
        String own =
                byItem.path("subscription").asString(byHand.path("subscription").asString(subscription));
        return Optional.of(new Bought(
                tier,
                new Period(
                        own,
                        Instant.ofEpochSecond(line.path("period").path("end").asLong(0))),
                // Something without a quantity that is paid for is one.
                Math.max(1, line.path("quantity").asLong(1)),
                cents
                        - line.path("discount_amounts")
                                .valueStream()
                                .mapToLong(discount -> discount.path("amount").asLong(0))
                                .sum(),
                cents < 0
                        || byItem.path("proration").asBoolean(false)
                        || byHand.path("proration").asBoolean(false)));
    }

    /** The amount of a part of a period is net of its discounts: one of 0 may be all that a coupon has left. */
    private static boolean isNetOfAll(JsonNode line, JsonNode details) {
        boolean discounted = !line.path("discounts").isEmpty()
                || !line.path("discount_amounts").isEmpty();
        return hasQuantity(line) && ((discounted && details.path("proration").asBoolean(false)) || isCredit(details));
    }

    /** Whether a line of 0 is for time that costs nothing, and not for what was given up in it. */
    private static boolean isTrial(JsonNode line, JsonNode byItem, JsonNode byHand) {
        return hasQuantity(line) && !isCredit(byItem) && !isCredit(byHand);
    }

    private static boolean hasQuantity(JsonNode line) {
        return line.path("quantity").asLong(1) > 0;
    }

    private static boolean isCredit(JsonNode details) {
        return details.path("proration_details").path("credited_items").isObject();
    }

    /** Whether something of ours was paid for, or given back. */
    boolean entitles() {
        return !bought.isEmpty();
    }

    /**
     * What is wrong with these, given what is known of them here.
     *
     * @param grace for what was paid to have its effect
     */
    static List<Difference> differences(List<PaidInvoice> invoices, Map<String, Applied> known, Grace grace) {
        List<Difference> found = new ArrayList<>();
        for (PaidInvoice invoice : invoices) {
            Applied applied = known.get(invoice.id());
            if (applied == null) {
                if (grace.isOver(invoice.paidAt())) {
                    found.add(invoice.breaks(
                            "paid_invoice_is_applied", Effects.remedy(invoice.paidAt(), invoice.currency())));
                }
            } else if (applied.parked() == null) {
                invoice.compare(applied, found);
            } else if (Duration.between(applied.parked().since(), grace.now()).compareTo(PARKED_LONG) > 0) {
                found.add(invoice.breaks(
                        "parked_invoice_finds_its_user",
                        "waits since " + applied.parked().since()
                                + " to know whose it is; set user_id in the metadata of "
                                + applied.parked().customerId() + " at Stripe"));
            }
        }
        return found;
    }

    private void compare(Applied applied, List<Difference> found) {
        if (!userId.isEmpty() && !userId.equals(Objects.toString(applied.userId()))) {
            found.add(breaks(
                    "invoice_is_its_users", "it names " + userId + ", and the credits went to " + applied.userId()));
        }
        if (applied.cashCents() != null && applied.cashCents() != paidCents) {
            found.add(breaks(
                    "invoice_brought_in_what_was_paid",
                    paidCents + " cents were paid, and " + applied.cashCents() + " counted"));
        }
        Set<Period> whole = wholePeriods();
        linesByPeriod().forEach((period, lines) -> {
            // The highest tier is claimed. Beside a part that was paid for, a trial's mostly isn't it.
            Set<String> sold = lines.stream()
                    .filter(line -> whole.contains(period) || (totalCents > 0 && line.cents() > 0 && !line.proration()))
                    .map(Bought::tier)
                    .collect(Collectors.toUnmodifiableSet());
            if (sold.isEmpty() ? !applied.notes(period) : !applied.claims(period, sold)) {
                found.add(breaks(
                        "invoice_entitles_to_what_was_paid_for",
                        lines.stream().map(Bought::tier).distinct().toList() + " of " + period.subscription()
                                + " until " + period.end() + " was paid for or given back; claimed are "
                                + applied.claims() + ", and given back " + applied.givenBack()));
            }
        });
    }

    Map<Period, List<Bought>> linesByPeriod() {
        return bought.stream().collect(Collectors.groupingBy(Bought::period));
    }

    /** Those that it is only about as a whole, so that nothing but the tier and how often it was bought says what is claimed. */
    Set<Period> wholePeriods() {
        return linesByPeriod().entrySet().stream()
                .filter(lines -> lines.getValue().stream().noneMatch(Bought::proration))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    Difference breaks(String rule, String detail) {
        return new Difference(rule, id, detail);
    }
}
