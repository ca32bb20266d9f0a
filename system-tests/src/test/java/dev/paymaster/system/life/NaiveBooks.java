package dev.paymaster.system.life;

import dev.paymaster.system.world.Person.Balance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What somebody must have, reckoned anew each time from lists of what has happened. It knows no lots, no transfers and no
 * order: what came in, less what was taken back, used up or is held; below zero it is owed. For one thread.
 */
class NaiveBooks {
    private final List<Purchase> purchases = new ArrayList<>();
    private final List<GivenBack> givenBack = new ArrayList<>();
    private long captured;
    private long held;

    /** Money that came back of a purchase, until it {@code isBack} again: a refund, a dispute or a credit note. */
    static final class Back {
        private final String kind;
        private final String id;
        private final long cents;
        private boolean isBack;

        Back(String kind, String id, long cents) {
            this.kind = kind;
            this.id = id;
            this.cents = cents;
        }

        String id() {
            return id;
        }

        boolean isOf(String wanted) {
            return kind.equals(wanted);
        }

        boolean isAway() {
            return !isBack;
        }
    }

    /**
     * Something that was paid for.
     *
     * @param period what it was paid for, the same for all that were; empty: for itself
     * @param from up to which another one is to pay
     * @param credits up to which it entitles
     * @param paidCents what it cost, with all that was paid for together
     * @param periodCents what of that was for the period
     * @param chargedCents what of that was charged, and not settled by what had been given back
     */
    record Purchase(
            String id,
            String payment,
            String period,
            long from,
            long credits,
            long paidCents,
            long periodCents,
            long chargedCents,
            List<Back> backs) {
        /** For itself. */
        Purchase(String id, String payment, long credits, long cents) {
            this(id, payment, "", 0, credits, cents, cents, cents, new ArrayList<>());
        }

        long awayCents() {
            return backs.stream()
                    .filter(Back::isAway)
                    .mapToLong(back -> back.cents)
                    .sum();
        }

        /** Of the money for the period, rounded down. */
        long leftCents() {
            long away = Math.min(paidCents, awayCents());
            return paidCents == 0 ? 0 : periodCents * (paidCents - away) / paidCents;
        }

        /** What of so many credits goes with the money that is away, and with this besides. */
        long away(long of, long givenBackCents) {
            if (paidCents == 0) {
                return 0;
            }
            long whole = paidCents * periodCents;
            return of * Math.min(whole, awayCents() * periodCents + givenBackCents * paidCents) / whole;
        }
    }

    /** What an invoice has given back for a period. */
    record GivenBack(String invoice, String period, long cents) {}

    void bought(Purchase purchase) {
        purchases.add(purchase);
    }

    void gaveBack(GivenBack given) {
        givenBack.add(given);
    }

    /** The money is with the platform again. */
    void cameBack(Back back) {
        back.isBack = true;
    }

    List<Purchase> purchases() {
        return List.copyOf(purchases);
    }

    boolean knows(String invoice) {
        return purchases.stream().anyMatch(each -> each.id().equals(invoice))
                || givenBack.stream().anyMatch(each -> each.invoice().equals(invoice));
    }

    void holds(long credits) {
        held += credits;
    }

    void releases(long credits) {
        held -= credits;
    }

    void captures(long credits) {
        held -= credits;
        captured += credits;
    }

    Balance balance() {
        long left = entitled() - captured - held;
        return new Balance(Math.max(0, left), held, Math.max(0, -left));
    }

    private long entitled() {
        Map<String, List<Purchase>> periods = new HashMap<>();
        for (Purchase purchase : purchases) {
            String period = purchase.period().isEmpty() ? purchase.id() : purchase.period();
            periods.computeIfAbsent(period, _ -> new ArrayList<>()).add(purchase);
        }
        long entitled = 0;
        for (Map.Entry<String, List<Purchase>> period : periods.entrySet()) {
            long given = givenBack.stream()
                    .filter(each -> each.period().equals(period.getKey()))
                    .mapToLong(GivenBack::cents)
                    .sum();
            entitled += entitled(period.getValue(), given);
        }
        return entitled;
    }

    /** Of a period each piece is left that somebody has paid for and not got back. */
    private static long entitled(List<Purchase> period, long givenBackCents) {
        if (givenBackCents > 0
                && givenBackCents
                        >= period.stream().mapToLong(Purchase::leftCents).sum()) {
            return 0;
        }
        Map<String, Long> givenBack = givenBackOf(period, givenBackCents);
        TreeSet<Long> edges = new TreeSet<>();
        period.forEach(purchase -> edges.addAll(List.of(purchase.from(), purchase.credits())));
        long entitled = 0;
        long below = edges.first();
        for (long edge : edges) {
            long piece = edge - below;
            long nearest = Long.MAX_VALUE;
            long most = 0;
            for (Purchase purchase : period) {
                if (piece > 0 && purchase.from() <= below && purchase.credits() >= edge) {
                    long left = piece - purchase.away(piece, givenBack.getOrDefault(purchase.id(), 0L));
                    most = purchase.credits() < nearest
                            ? left
                            : purchase.credits() == nearest ? Math.max(most, left) : most;
                    nearest = Math.min(nearest, purchase.credits());
                }
            }
            entitled += most;
            below = edge;
        }
        return entitled;
    }

    /** What is given back was paid for the highest tier last. */
    private static Map<String, Long> givenBackOf(List<Purchase> period, long cents) {
        Map<String, Long> givenBack = new HashMap<>();
        long left = cents;
        for (Purchase purchase : period.stream()
                .sorted(Comparator.comparingLong(Purchase::credits)
                        .reversed()
                        .thenComparingLong(Purchase::leftCents)
                        .thenComparingLong(Purchase::paidCents))
                .toList()) {
            givenBack.put(purchase.id(), Math.min(left, purchase.leftCents()));
            left -= Math.min(left, purchase.leftCents());
        }
        return givenBack;
    }
}
