package dev.paymaster.gateway.money;

import dev.paymaster.gateway.money.Step.CashIn;
import dev.paymaster.gateway.money.Step.CashOut;
import dev.paymaster.gateway.money.Step.Granted;
import dev.paymaster.gateway.money.Step.Moved;
import dev.paymaster.gateway.money.Step.Owed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * All that happened to a job's money, oldest first.
 *
 * @param shadow created while Stripe was off: it moves nothing
 * @param creditCost what was agreed
 * @param payoutCents what was agreed
 */
record Trail(
        UUID jobId, String status, boolean shadow, long creditCost, long payoutCents, Totals totals, List<Step> steps) {

    /** What the steps come to. What is held now is not captured or released yet. */
    record Totals(long creditsHeld, long creditsCaptured, long creditsReleased, long paidCents, long reversedCents) {

        static Totals of(List<Step> steps) {
            long captured = credits(steps, "capture");
            long released = credits(steps, "release");
            return new Totals(
                    credits(steps, "hold") - captured - released,
                    captured,
                    released,
                    cents(steps, CashOut.TRANSFER),
                    cents(steps, CashOut.REVERSAL));
        }

        private static long credits(List<Step> steps, String kind) {
            return steps.stream()
                    .mapToLong(
                            step -> step instanceof Moved moved && moved.step().equals(kind) ? moved.credits() : 0)
                    .sum();
        }

        private static long cents(List<Step> steps, String kind) {
            return steps.stream()
                    .mapToLong(step -> step instanceof CashOut out && out.step().equals(kind) ? out.cents() : 0)
                    .sum();
        }
    }

    /** Of steps in the order of their causes: of two at one time, the first came first. */
    static Trail of(Head job, List<Step> steps, Viewer viewer) {
        List<Step> inOrder =
                steps.stream().sorted(Comparator.comparing(Step::at)).toList();
        return new Trail(
                job.id(),
                job.status(),
                job.shadow(),
                job.creditCost(),
                job.payoutCents(),
                Totals.of(inOrder),
                seenBy(viewer, inOrder));
    }

    /** What is known of the job itself. */
    record Head(UUID id, String status, boolean shadow, long creditCost, long payoutCents) {}

    private static List<Step> seenBy(Viewer viewer, List<Step> steps) {
        return switch (viewer) {
            case ADMIN -> steps;
            case SENDER -> steps.stream().map(Trail::toSender).toList();
            case RECEIVER -> toReceiver(steps);
        };
    }

    /** Why a payout waits, and where it goes, is between the platform and the receiver. */
    private static Step toSender(Step step) {
        return switch (step) {
            case CashIn _, Granted _, Moved _ -> step;
            case Owed owed -> new Owed(owed.step(), owed.at(), owed.cents(), owed.payoutId(), owed.status(), null);
            case CashOut out -> new CashOut(out.step(), out.at(), out.cents(), out.payoutId(), null, null);
        };
    }

    /** What pays for a job, and out of how many purchases, is between the platform and the sender. */
    private static List<Step> toReceiver(List<Step> steps) {
        Map<Sum, Long> sums = new LinkedHashMap<>();
        List<Step> shown = new ArrayList<>();
        for (Step step : steps) {
            switch (step) {
                case CashIn _, Granted _ -> {}
                case Moved moved -> {
                    if (!moved.step().equals("repay")) {
                        sums.merge(new Sum(moved.step(), moved.at()), moved.credits(), Long::sum);
                    }
                }
                case Owed _, CashOut _ -> shown.add(step);
            }
        }
        List<Step> all = new ArrayList<>();
        sums.forEach((sum, credits) -> all.add(new Moved(sum.step(), sum.at(), credits, null, null)));
        all.addAll(shown);
        all.sort(Comparator.comparing(Step::at));
        return List.copyOf(all);
    }

    private record Sum(String step, Instant at) {}
}
