package dev.paymaster.payout;

import static java.util.Map.entry;

import dev.paymaster.events.payout.PayoutCommand.ApplyTransferOutcome;
import dev.paymaster.events.payout.PayoutCommand.Outcome;
import dev.paymaster.payout.obligation.Budget;
import dev.paymaster.payout.obligation.Key;
import dev.paymaster.payout.obligation.Made;
import dev.paymaster.payout.obligation.ObligationRules;
import dev.paymaster.payout.obligation.Owed;
import dev.paymaster.payout.obligation.Payout;
import dev.paymaster.payout.obligation.Payout.Due;
import dev.paymaster.payout.obligation.Payout.Failed;
import dev.paymaster.payout.obligation.Payout.Held;
import dev.paymaster.payout.obligation.Payout.Paid;
import dev.paymaster.payout.obligation.Payout.Reason;
import dev.paymaster.payout.obligation.Payout.Recalled;
import dev.paymaster.payout.obligation.Payout.Reversed;
import dev.paymaster.payout.obligation.Plan;
import dev.paymaster.payout.recovery.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** One payout in every state, at a fixed time. */
public final class Samples {
    public static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    public static final UUID RECEIVER = new UUID(1, 1);
    public static final Owed OWED = new Owed(
            new UUID(2, 1), new UUID(3, 1), new UUID(1, 2), RECEIVER, 100, "Payout for a job", NOW.minusSeconds(60));

    /** As it is by default. */
    public static final Patience PATIENCE = new Patience(
            Duration.ofSeconds(2),
            Duration.ofMinutes(5),
            Duration.ofMinutes(1),
            Duration.ofMinutes(15),
            Duration.ofSeconds(90),
            3);

    /** A key that was called once, and the answer is known. */
    public static final Key USED = new Key(1, 0, 0, null, NOW.minusSeconds(1), "acct_1");

    private Samples() {}

    /** Every state by name. */
    public static Map<String, Payout> states() {
        return Map.ofEntries(
                entry("due", new Due(OWED, Key.first(), Plan.call(NOW), null)),
                entry("called", new Due(OWED, USED, Plan.call(NOW), null)),
                entry(
                        "doubtful",
                        new Due(OWED, USED.unknown(NOW).unknown(NOW.plusSeconds(50)), Plan.call(NOW), "lost")),
                entry("searched", new Due(OWED, USED, Plan.lookup(NOW), "lost")),
                entry("unpayable", new Held(OWED, USED, Reason.ACCOUNT_NOT_ACTIVE, "not active", null)),
                entry("crossed", new Held(OWED, USED, Reason.ACCOUNT_NOT_ACTIVE, "not active", Plan.lookup(NOW))),
                entry("unfunded", new Held(OWED, USED, Reason.INSUFFICIENT_FUNDS, "no funds", Plan.lookup(NOW))),
                entry("uncovered", ObligationRules.beyond(OWED, Budget.NONE)),
                entry("paid", new Paid(OWED, USED, "tr_1")),
                entry("recalled", recalled(USED.recalling(0), false, Plan.reverse(NOW))),
                entry("inspected", recalled(USED.recalling(0), false, Plan.inspect(NOW))),
                entry("unwilling", recalled(USED.recalling(0), true, Plan.inspect(NOW))),
                entry("failed", new Failed(OWED, USED, "refused")),
                entry("reversed", new Reversed(OWED, USED, "tr_1", "taken back")));
    }

    static Recalled recalled(Key key, boolean refused, Plan plan) {
        return new Recalled(OWED, key, Made.of("tr_1"), refused, refused ? "refused" : "a mistake", plan);
    }

    public static Payout state(String name) {
        Payout payout = states().get(name);
        if (payout == null) {
            throw new IllegalArgumentException(name);
        }
        return payout;
    }

    /** An outcome of the first key; a paid one is of transfer {@code tr_1}. */
    public static ApplyTransferOutcome outcome(Outcome outcome) {
        return outcome(1, outcome);
    }

    /** The same of a later key. */
    public static ApplyTransferOutcome outcome(int attempt, Outcome outcome) {
        return new ApplyTransferOutcome(
                RECEIVER, OWED.id(), attempt, outcome, outcome == Outcome.PAID ? "tr_1" : null, "Stripe said so", NOW);
    }

    /** A payout in a few words: status, reason, attempt, next step and the seconds until then. */
    public static String inWords(Payout payout) {
        String reason = payout.reason() == null ? "" : " " + payout.reason();
        Plan plan = payout.next();
        String next = plan == null
                ? ""
                : " " + plan.step().column() + " +"
                        + Duration.between(NOW, plan.at()).toSeconds();
        Made made = payout.made();
        String back = made == null || made.reversedCents() == 0 ? "" : " -" + made.reversedCents();
        return payout.status().json() + back + reason + " #" + payout.key().attempt() + next;
    }
}
