package dev.paymaster.system.life;

import dev.paymaster.system.world.Person.Balance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What somebody must have, reckoned anew each time from lists of what has happened. It knows no lots, no transfers and no
 * order: what came in, less what was taken back, used up or is held; below zero it is owed. For one thread.
 */
final class NaiveBooks {
    private final List<Purchase> purchases = new ArrayList<>();
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

        /** The money is with the platform again. */
        void cameBack() {
            isBack = true;
        }
    }

    /**
     * Something that was paid for.
     *
     * @param period what it was paid for, the same for all that were; empty: for itself
     * @param credits what it entitles to
     */
    record Purchase(String id, String payment, String period, long credits, long paidCents, List<Back> backs) {
        Purchase(String id, String payment, String period, long credits, long paidCents) {
            this(id, payment, period, credits, paidCents, new ArrayList<>());
        }

        long awayCents() {
            return backs.stream()
                    .filter(Back::isAway)
                    .mapToLong(back -> back.cents)
                    .sum();
        }

        /** What of so many credits goes with the money that is away. */
        long away(long of) {
            return paidCents == 0 ? 0 : of * Math.min(awayCents(), paidCents) / paidCents;
        }
    }

    void bought(Purchase purchase) {
        purchases.add(purchase);
    }

    List<Purchase> purchases() {
        return List.copyOf(purchases);
    }

    boolean knows(String purchase) {
        return purchases.stream().anyMatch(each -> each.id().equals(purchase));
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
        return periods.values().stream().mapToLong(NaiveBooks::entitled).sum();
    }

    /** Of a period each step from one tier to the next is left that somebody has paid for and not got back. */
    private static long entitled(List<Purchase> period) {
        TreeSet<Long> tiers = new TreeSet<>();
        period.forEach(purchase -> tiers.add(purchase.credits()));
        long entitled = 0;
        long below = 0;
        for (long tier : tiers) {
            long step = tier - below;
            long most = 0;
            for (Purchase purchase : period) {
                if (purchase.credits() == tier) {
                    most = Math.max(most, step - purchase.away(step));
                }
            }
            entitled += most;
            below = tier;
        }
        return entitled;
    }
}
