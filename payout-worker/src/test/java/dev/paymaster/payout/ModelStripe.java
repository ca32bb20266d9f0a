package dev.paymaster.payout;

import dev.paymaster.events.payout.PayoutCommand.Outcome;
import dev.paymaster.payout.transfer.Answer;
import dev.paymaster.payout.transfer.ReversalOrder;
import dev.paymaster.payout.transfer.TransferOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stripe as far as the safety of a transfer depends on it, at its worst: answers get lost, calls take effect long after
 * the caller has given up, 500s are saved, keys are forgotten after a day, and some refusals come before the key is
 * looked at. Time is the test's.
 */
final class ModelStripe {
    private static final Duration KEY_LIFE = Duration.ofHours(24);

    /** No call is under way for longer than Stripe's own libraries would wait. */
    private static final int SLOWEST_SECONDS = 80;

    private final Random random;
    private final Map<String, Saved> keys = new HashMap<>();
    private final List<Late> late = new ArrayList<>();
    final List<String> transfers = new ArrayList<>();
    final Map<String, Long> reversed = new HashMap<>();
    int mostStanding;
    boolean reversible = true;
    double faults;
    boolean payable;
    boolean funded;

    ModelStripe(Random random) {
        this.random = random;
    }

    private record Saved(Answer answer, Instant at) {}

    private record Late(String key, Supplier<Answer> effect, Instant at) {}

    /** The transfers that haven't been wholly taken back. */
    List<String> standing() {
        return transfers.stream()
                .filter(id -> takenBack(id) < Samples.OWED.amountCents())
                .toList();
    }

    long takenBack(String transfer) {
        return reversed.getOrDefault(transfer, 0L);
    }

    /** Somebody takes back some of a transfer, with Stripe's own tools. */
    void takeBack(String transfer, long cents) {
        reversed.put(transfer, Math.min(takenBack(transfer) + cents, Samples.OWED.amountCents()));
    }

    /** One call, with all that can happen to it. */
    Answer make(TransferOrder order, Instant now) {
        settle(now);
        if (!isInUse(order.key()) && !payable && random.nextBoolean()) {
            return Answer.of(Outcome.NOT_PAYABLE, "before the key");
        }
        return call(order.key(), this::effect, now);
    }

    /** A call that takes back what is left of a transfer. */
    Answer reverse(ReversalOrder order, Instant now) {
        settle(now);
        return call(order.key(), () -> reversal(order.transferId()), now);
    }

    /** A look at a transfer, which can fail but not lie. */
    Answer inspect(ReversalOrder order, Instant now) {
        settle(now);
        return random.nextDouble() < faults
                ? lost("look")
                : Answer.paid(order.transferId(), takenBack(order.transferId()), "looked at");
    }

    private Answer call(String key, Supplier<Answer> effect, Instant now) {
        if (random.nextDouble() >= faults) {
            return arrive(key, effect, now);
        }
        return switch (random.nextInt(6)) {
            case 0 -> lost("never arrived");
            case 1 -> {
                late.add(new Late(key, effect, now.plusSeconds(random.nextInt(SLOWEST_SECONDS + 1))));
                yield lost("still under way");
            }
            case 2 -> {
                arrive(key, effect, now);
                yield lost("the answer was dropped");
            }
            case 3 -> Answer.of(Outcome.NOT_YET, "429");
            case 4 -> Answer.of(Outcome.REFUSED, "401, before the key");
            default -> {
                keys.putIfAbsent(key, new Saved(lost("500, saved, before the effect"), now));
                yield lost("500");
            }
        };
    }

    /** A lookup, which can fail but not lie. */
    Answer find(Instant now) {
        settle(now);
        if (random.nextDouble() < faults) {
            return random.nextBoolean() ? lost("lookup") : Answer.of(Outcome.NOT_YET, "429");
        }
        if (transfers.isEmpty()) {
            return Answer.of(Outcome.ABSENT, "none");
        }
        String counts = standing().isEmpty() ? transfers.getLast() : standing().getFirst();
        return Answer.paid(counts, takenBack(counts), "found " + transfers);
    }

    private boolean isInUse(String key) {
        return late.stream().anyMatch(call -> call.key().equals(key));
    }

    private Answer arrive(String key, Supplier<Answer> effect, Instant now) {
        return isInUse(key) ? Answer.of(Outcome.NOT_YET, "409 in use") : execute(key, effect, now);
    }

    /** What the key remembers, or what is done now and remembered. */
    private Answer execute(String key, Supplier<Answer> effect, Instant now) {
        Saved saved = keys.get(key);
        if (saved != null && saved.at().plus(KEY_LIFE).isAfter(now)) {
            return saved.answer();
        }
        Answer answer = effect.get();
        keys.put(key, new Saved(answer, now));
        return answer;
    }

    private Answer effect() {
        if (!payable) {
            return Answer.of(Outcome.NOT_PAYABLE, "saved");
        }
        if (!funded) {
            return Answer.of(Outcome.INSUFFICIENT_FUNDS, "saved");
        }
        transfers.add("tr_" + (transfers.size() + 1));
        mostStanding = Math.max(mostStanding, standing().size());
        return random.nextDouble() < faults / 4
                ? lost("500 after the effect, saved")
                : Answer.paid(transfers.getLast(), "made");
    }

    private Answer reversal(String transfer) {
        if (!reversible || takenBack(transfer) == Samples.OWED.amountCents()) {
            return Answer.of(Outcome.REFUSED, "nothing to take back");
        }
        takeBack(transfer, Samples.OWED.amountCents());
        return random.nextDouble() < faults / 4
                ? lost("500 after the reversal, saved")
                : Answer.paid(transfer, Samples.OWED.amountCents(), "taken back");
    }

    private void settle(Instant now) {
        List<Late> due = late.stream().filter(call -> !call.at().isAfter(now)).toList();
        late.removeAll(due);
        due.forEach(call -> execute(call.key(), call.effect(), call.at()));
    }

    private static Answer lost(@Nullable String detail) {
        return Answer.of(Outcome.UNKNOWN, String.valueOf(detail));
    }
}
