package dev.paymaster.system.life;

import static dev.paymaster.system.world.Eventually.eventually;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.life.NaiveBooks.Back;
import dev.paymaster.system.life.NaiveBooks.GivenBack;
import dev.paymaster.system.life.NaiveBooks.Purchase;
import dev.paymaster.system.world.Chance;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.Person.Balance;
import dev.paymaster.system.world.StripeControl;
import dev.paymaster.system.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Somebody to whom anything happens that can happen, and who keeps naive books of it. For one thread at a time. */
final class RandomLife {
    private static final List<String> TIERS = List.of("starter", "pro", "team");
    private static final Map<String, Long> CREDITS =
            Map.of("price_paymaster_starter", 50L, "price_paymaster_pro", 150L, "price_paymaster_team", 500L);
    private static final Map<String, Long> PACK_CREDITS = Map.of("small", 10L, "medium", 50L, "large", 200L);

    /** No month brings more invoices than these; older ones are known. */
    private static final int RECENT = 8;

    private static final String REFUND = "refund";
    private static final String DISPUTE = "dispute";
    private static final String INQUIRY = "inquiry";
    private static final String NOTE = "credit note";

    /** Of the events of former months one of so many is told again. */
    private static final int LATE = 8;

    private final StripeControl stripe;
    private final Receivers receivers;
    private final int number;
    private final Random random;
    private final Customer customer;
    private final NaiveBooks books;
    private final Duration patience;
    private final List<JsonNode> heard = new ArrayList<>();
    private final List<String> queued = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();
    private boolean billedLater;
    private @Nullable String failure;

    RandomLife(World world, Receivers receivers, NaiveBooks books, Duration patience, int number, long seed) {
        this.stripe = world.stripe();
        this.receivers = receivers;
        this.books = books;
        this.patience = patience;
        this.number = number;
        this.random = Chance.of(seed, number);
        this.customer = new Customer(world, world.newPerson("Sam"));
    }

    String customerId() {
        return customer.id();
    }

    /** What Stripe tells of these events: shuffled, and some again, under the same id or under another one; old ones, too. */
    List<String> telling(List<JsonNode> events) {
        List<JsonNode> telling = events.stream().filter(Order::isTelling).toList();
        List<String> told = new ArrayList<>(Stream.concat(
                        telling.stream().flatMap(this::again),
                        heard.stream().filter(_ -> random.nextInt(LATE) == 0).map(this::sameOrOther))
                .map(JsonNode::toString)
                .toList());
        heard.addAll(telling);
        Collections.shuffle(told, random);
        return told;
    }

    private Stream<JsonNode> again(JsonNode event) {
        return random.nextBoolean() ? Stream.of(event) : Stream.of(event, sameOrOther(event));
    }

    private JsonNode sameOrOther(JsonNode event) {
        return random.nextBoolean()
                ? event
                : ((ObjectNode) event.deepCopy())
                        .put("id", "evt_again_" + event.path("id").stringValue());
    }

    /** What went wrong, and how it came to that; null: nothing. */
    @Nullable
    String failure() {
        return failure;
    }

    /** Some things happen to money and to jobs, one right after the other; their effects may come in any order. */
    void live() {
        attempt(() -> {
            learnOfInvoices();
            for (int count = 1 + random.nextInt(3); count > 0; count--) {
                pick();
            }
        });
    }

    /** Some days later a card may have paid, and whoever has made a change that is not billed yet may make another one. */
    void changeAgain() {
        boolean again = billedLater && random.nextBoolean();
        billedLater = false;
        attempt(() -> {
            learnOfInvoices();
            if (again) {
                subscription().ifPresent(this::changeAgain);
            }
        });
    }

    private void changeAgain(JsonNode live) {
        if (live.path("status").stringValue().equals("active")) {
            String other = any(TIERS);
            did("changes to " + other + " some days later, billed later");
            changeLater(other);
        }
    }

    private void changeLater(String tier) {
        if (random.nextBoolean()) {
            String through = any(TIERS);
            did("and passes through " + through + " at the same moment");
            customer.reprice("price_paymaster_" + through, "create_prorations");
        }
        customer.reprice("price_paymaster_" + tier, "create_prorations");
    }

    /** Asks for jobs, which is allowed as far as the credits go. */
    void askForJobs() {
        attempt(() -> {
            for (int count = random.nextInt(4); count > 0; count--) {
                Balance balance = books.balance();
                boolean enough = balance.debt() == 0 && balance.available() >= Person.COST;
                did("asks for a job, " + (enough ? "gets it" : "is refused"));
                var answer = customer.person().askForJob().expect(enough ? 201 : 402);
                if (enough) {
                    queued.add(answer.text("/id"));
                    books.holds(Person.COST);
                }
            }
        });
    }

    /** The balance is what the naive books say. */
    void compare() {
        attempt(() -> {
            did("must have " + books.balance());
            eventually("credits")
                    .atMost(patience)
                    .untilAsserted(() -> assertThat(customer.person().credits()).isEqualTo(books.balance()));
        });
    }

    private void pick() {
        switch (random.nextInt(17)) {
            case 0, 1, 2 -> subscribeOrChange();
            case 3 -> buyAPack();
            case 4, 5 -> refund();
            case 6 -> failARefund();
            case 7 -> dispute();
            case 8 -> endADispute();
            case 9 -> writeACreditNote();
            case 10 -> changeTheCard();
            case 11 -> pauseOrResume();
            case 12 -> giveUpAnInvoice();
            case 13 -> inquire();
            default -> endAJob();
        }
    }

    private void subscribeOrChange() {
        Optional<JsonNode> live = subscription();
        if (live.isEmpty()) {
            String tier = any(TIERS);
            did("subscribes to " + tier);
            customer.subscribe(tier);
            learnOfInvoices();
            return;
        }
        String price = live.get().at("/items/data/0/price/id").stringValue();
        int tier = TIERS.indexOf(price.substring("price_paymaster_".length()));
        boolean active = live.get().path("status").stringValue().equals("active");
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                if (active && tier < TIERS.size() - 1) {
                    did("upgrades to " + TIERS.get(tier + 1));
                    customer.change("price_paymaster_" + TIERS.get(tier + 1), "now");
                    learnOfInvoices();
                }
            }
            case 2 -> {
                if (active && tier > 0) {
                    boolean now = random.nextBoolean();
                    did((now ? "downgrades to " : "will downgrade to ") + TIERS.get(tier - 1));
                    customer.change("price_paymaster_" + TIERS.get(tier - 1), now ? "now" : "period_end");
                    learnOfInvoices();
                }
            }
            case 3, 4 -> {
                if (active) {
                    boolean up = tier == 0 || (tier < TIERS.size() - 1 && random.nextBoolean());
                    String other = TIERS.get(up ? tier + 1 : tier - 1);
                    did((up ? "upgrades to " : "downgrades to ") + other + ", billed later");
                    changeLater(other);
                    billedLater = true;
                }
            }
            default -> cancel();
        }
    }

    private void cancel() {
        switch (random.nextInt(3)) {
            case 0 -> {
                did("cancels");
                customer.cancel();
            }
            case 1 -> {
                did("cancels, the rest credited");
                customer.cancelForTheRest();
                learnOfInvoices();
            }
            default -> {
                did("cancels at the end of the period");
                customer.update("cancel_at_period_end=true");
            }
        }
    }

    private void buyAPack() {
        String pack = any(List.of("small", "medium", "large"));
        did("buys pack " + pack);
        customer.buy(pack, "{\"card\": \"" + Customer.PAYS + "\"}");
        JsonNode session = customer.session();
        long cents = session.path("amount_total").longValue();
        books.bought(new Purchase(
                session.path("id").stringValue(),
                session.path("payment_intent").stringValue(),
                requireNonNull(PACK_CREDITS.get(pack)),
                cents));
    }

    private void refund() {
        any(purchase -> refundable(purchase) > 0).ifPresent(purchase -> {
            long cents = random.nextInt(3) == 0 ? refundable(purchase) : 1 + random.nextLong(refundable(purchase));
            did("gets " + cents + " of " + purchase.paidCents() + " for " + purchase.id() + " back");
            purchase.backs().add(new Back(REFUND, stripe.refund(purchase.payment(), cents), cents));
        });
    }

    private void failARefund() {
        any(purchase -> away(purchase, REFUND).isPresent()).ifPresent(purchase -> {
            Back refund = away(purchase, REFUND).orElseThrow();
            did("refund " + refund.id() + " fails");
            stripe.failRefund(refund.id());
            books.cameBack(refund);
        });
    }

    private void dispute() {
        any(RandomLife::isUndisputed).ifPresent(purchase -> {
            did("disputes " + purchase.id());
            purchase.backs().add(new Back(DISPUTE, stripe.dispute(purchase.payment()), purchase.chargedCents()));
        });
    }

    /** The bank asks, which takes no money. */
    private void inquire() {
        any(RandomLife::isUndisputed).ifPresent(purchase -> {
            did("the bank inquires about " + purchase.id());
            String inquiry = stripe.control(
                            "disputes", "{\"payment_intent\": \"" + purchase.payment() + "\", \"inquiry\": true}")
                    .path("id")
                    .stringValue();
            purchase.backs().add(new Back(INQUIRY, inquiry, 0));
        });
    }

    private static boolean isUndisputed(Purchase purchase) {
        return purchase.chargedCents() > 0
                && purchase.backs().stream().noneMatch(back -> back.isOf(DISPUTE) || back.isOf(INQUIRY));
    }

    /** What is billed meanwhile is never paid. */
    private void pauseOrResume() {
        subscription().ifPresent(live -> {
            boolean paused = live.path("pause_collection").isObject();
            String behavior = any(List.of("void", "mark_uncollectible", "keep_as_draft"));
            did(paused ? "resumes" : "pauses, invoices " + behavior);
            customer.update("pause_collection" + (paused ? "=" : "[behavior]=" + behavior));
        });
    }

    private void giveUpAnInvoice() {
        if (customer.id().isEmpty()) {
            return;
        }
        customer.invoices(RECENT).reversed().stream()
                .filter(invoice -> invoice.path("status").stringValue().equals("open"))
                .findFirst()
                .ifPresent(invoice -> {
                    String id = invoice.path("id").stringValue();
                    String way = any(List.of("void", "mark_uncollectible"));
                    did("invoice " + id + ": " + way);
                    stripe.call("/v1/invoices/" + id + "/" + way, "");
                });
    }

    private void endADispute() {
        any(purchase -> away(purchase, DISPUTE).isPresent()).ifPresent(purchase -> {
            Back dispute = away(purchase, DISPUTE).orElseThrow();
            String status =
                    stripe.fetch("/v1/disputes/" + dispute.id()).path("status").stringValue();
            if (status.equals("needs_response")) {
                boolean won = random.nextBoolean();
                did("the dispute is " + (won ? "won" : "lost"));
                stripe.closeDispute(dispute.id(), won ? "won" : "lost");
                if (won) {
                    books.cameBack(dispute);
                }
            }
        });
    }

    private void writeACreditNote() {
        any(purchase -> purchase.id().startsWith("in_") && refundable(purchase) > 0 && notes(purchase) == 0)
                .ifPresent(purchase -> {
                    long cents = 1 + random.nextLong(refundable(purchase));
                    boolean refunds = random.nextBoolean();
                    String way = refunds ? "refund_amount" : "out_of_band_amount";
                    did("gets a credit note over " + cents + " for " + purchase.id() + ", " + way);
                    String note = stripe.call(
                                    "/v1/credit_notes",
                                    "invoice=" + purchase.id() + "&amount=" + cents + "&" + way + "=" + cents)
                            .path("id")
                            .stringValue();
                    // One that refunds counts as the refund it makes, which nothing here fails.
                    purchase.backs().add(new Back(NOTE, note, cents));
                });
    }

    private void changeTheCard() {
        if (!customer.id().isEmpty()) {
            boolean pays = random.nextBoolean();
            did(pays ? "has a card that pays" : "has a card that doesn't pay");
            customer.card(pays ? Customer.PAYS : "4000000000000341");
        }
    }

    private void endAJob() {
        if (queued.isEmpty()) {
            return;
        }
        String job = queued.remove(random.nextInt(queued.size()));
        switch (random.nextInt(6)) {
            case 0 -> {
                did("cancels " + job);
                customer.person().cancel(job).expect(200);
                books.releases(Person.COST);
            }
            case 1 -> {
                did("nobody takes " + job);
                receivers.expire(customer.person(), job, "cancelled");
                books.releases(Person.COST);
            }
            case 2 -> {
                Person receiver = receivers.handIn(job, random);
                did("rejects " + job + " of " + receiver.id());
                customer.person().verify(job, false).expect(200);
                books.releases(Person.COST);
            }
            case 3 -> {
                Person receiver = receivers.handIn(job, random);
                did("doesn't judge " + job + " of " + receiver.id());
                receivers.expire(customer.person(), job, "verified");
                receivers.earned(receiver, job);
                books.captures(Person.COST);
            }
            default -> {
                Person receiver = receivers.handIn(job, random);
                did("verifies " + job + " of " + receiver.id());
                customer.person().verify(job, true).expect(200);
                receivers.earned(receiver, job);
                books.captures(Person.COST);
            }
        }
    }

    /** What Stripe has billed meanwhile, and was paid. */
    private void learnOfInvoices() {
        if (customer.id().isEmpty()) {
            return;
        }
        for (JsonNode invoice : customer.invoices(RECENT)) {
            String id = invoice.path("id").stringValue();
            if (invoice.path("status").stringValue().equals("paid") && !books.knows(id)) {
                learnOf(id, invoice);
            }
        }
    }

    /** What it says of each period is for itself, but its money came, and may go, in one. */
    private void learnOf(String id, JsonNode invoice) {
        Map<String, List<Line>> periods = new LinkedHashMap<>();
        for (JsonNode line : invoice.at("/lines/data")) {
            String subscription = line.at("/parent/subscription_item_details/subscription")
                    .asString(
                            line.at("/parent/invoice_item_details/subscription").asString(""));
            String end = line.at("/period/end").toString();
            periods.computeIfAbsent(subscription + " until " + end, _ -> new ArrayList<>())
                    .add(Line.of(line));
        }
        long billedCents = periods.values().stream()
                .mapToLong(lines -> Math.max(0, Line.sum(lines)))
                .sum();
        long chargedCents = invoice.path("amount_paid").longValue();
        List<Back> backs = new ArrayList<>();
        periods.forEach((period, lines) -> {
            long cents = Line.sum(lines);
            if (cents <= 0) {
                did("gets " + -cents + " back for " + id + ", " + period);
                books.gaveBack(new GivenBack(id, period, -cents));
            } else {
                List<Line> changes = Line.addedUp(lines);
                long credits = Line.worth(changes);
                long from = Math.min(credits, Line.before(changes));
                did("has paid " + chargedCents + " of " + billedCents + " for " + id + ", " + cents + " of them for "
                        + period + ", worth " + credits);
                books.bought(new Purchase(
                        id, stripe.paymentOf(id), period, from, credits, billedCents, cents, chargedCents, backs));
            }
        });
    }

    /** A line of an invoice: unused time if it costs less than nothing. */
    private record Line(long start, long credits, long cents) {
        static Line of(JsonNode line) {
            return new Line(
                    line.at("/period/start").longValue(),
                    requireNonNull(
                            CREDITS.get(line.at("/pricing/price_details/price").stringValue())),
                    line.path("amount").longValue());
        }

        static long sum(List<Line> lines) {
            return lines.stream().mapToLong(Line::cents).sum();
        }

        /**
         * What they entitle to who paid for them: the dearest, as far as it was not given back at another time. Whoever has gone up
         * and down stays with what they went down to, or what they had, and their part of what is above that.
         */
        static long worth(List<Line> lines) {
            SortedMap<Long, List<Line>> changes =
                    lines.stream().collect(Collectors.groupingBy(Line::start, TreeMap::new, Collectors.toList()));
            long dearest = dearest(lines, 1);
            long up = changes.values().stream()
                    .mapToLong(change -> Math.max(0, sum(change)))
                    .sum();
            if (changes.values().stream().allMatch(change -> sum(change) >= 0)) {
                return dearest;
            }
            long began = dearest(requireNonNull(changes.get(changes.firstKey())), -1);
            long ended = dearest(requireNonNull(changes.get(changes.lastKey())), 1);
            return Math.max(1, Math.max(ended, began + (dearest - began) * sum(lines) / up));
        }

        /** What they had, and get their money back for: whoever has not paid for that has it not. */
        static long before(List<Line> lines) {
            long first = lines.stream().mapToLong(Line::start).min().orElseThrow();
            return dearest(lines.stream().filter(line -> line.start() == first).toList(), -1);
        }

        /** All that was changed at one moment is one change: what comes to nothing has not been there. */
        static List<Line> addedUp(List<Line> lines) {
            Map<List<Long>, Long> sums = new LinkedHashMap<>();
            lines.forEach(line -> sums.merge(List.of(line.start(), line.credits()), line.cents(), Long::sum));
            return sums.entrySet().stream()
                    .filter(sum -> sum.getValue() != 0)
                    .map(sum -> new Line(sum.getKey().getFirst(), sum.getKey().getLast(), sum.getValue()))
                    .toList();
        }

        private static long dearest(List<Line> lines, int sign) {
            return lines.stream()
                    .filter(line -> Long.signum(line.cents()) == sign)
                    .mapToLong(Line::credits)
                    .max()
                    .orElse(0);
        }
    }

    private Optional<JsonNode> subscription() {
        return customer.id().isEmpty()
                ? Optional.empty()
                : stripe.fetch("/v1/subscriptions?limit=1&customer=" + customer.id())
                        .path("data")
                        .valueStream()
                        .findFirst();
    }

    private static long refundable(Purchase purchase) {
        boolean disputed = purchase.backs().stream().anyMatch(back -> back.isOf(DISPUTE));
        return disputed ? 0 : Math.max(0, purchase.chargedCents() - purchase.awayCents());
    }

    private static long notes(Purchase purchase) {
        return purchase.backs().stream().filter(back -> back.isOf(NOTE)).count();
    }

    private static Optional<Back> away(Purchase purchase, String kind) {
        return purchase.backs().stream()
                .filter(back -> back.isOf(kind) && back.isAway())
                .findFirst();
    }

    private Optional<Purchase> any(Predicate<Purchase> which) {
        List<Purchase> found = books.purchases().stream().filter(which).toList();
        return found.isEmpty() ? Optional.empty() : Optional.of(any(found));
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private void did(String step) {
        steps.add(step);
    }

    private void attempt(Runnable action) {
        if (failure != null) {
            return;
        }
        try {
            action.run();
        } catch (RuntimeException | AssertionError e) {
            failure = "life " + number + " of " + customer.person().id() + " (" + customer.id() + "): " + e.getMessage()
                    + "\n  " + String.join("\n  ", steps);
        }
    }
}
