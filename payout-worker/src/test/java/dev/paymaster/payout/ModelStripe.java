package dev.paymaster.payout;

import dev.paymaster.events.payout.PayoutCommand.Outcome;
import dev.paymaster.payout.transfer.Answer;
import dev.paymaster.payout.transfer.TransferOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
    double faults;
    boolean payable;
    boolean funded;

    ModelStripe(Random random) {
        this.random = random;
    }

    private record Saved(Answer answer, Instant at) {}

    private record Late(TransferOrder order, Instant at) {}

    /** One call, with all that can happen to it. */
    Answer make(TransferOrder order, Instant now) {
        settle(now);
        if (random.nextDouble() >= faults) {
            return arrive(order, now);
        }
        return switch (random.nextInt(6)) {
            case 0 -> lost("never arrived");
            case 1 -> {
                late.add(new Late(order, now.plusSeconds(random.nextInt(SLOWEST_SECONDS + 1))));
                yield lost("still under way");
            }
            case 2 -> {
                arrive(order, now);
                yield lost("the answer was dropped");
            }
            case 3 -> Answer.of(Outcome.NOT_YET, "429");
            case 4 -> Answer.of(Outcome.REFUSED, "401, before the key");
            default -> {
                keys.putIfAbsent(order.key(), new Saved(lost("500, saved, before the effect"), now));
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
        return transfers.isEmpty()
                ? Answer.of(Outcome.ABSENT, "none")
                : Answer.paid(transfers.getFirst(), "found " + transfers);
    }

    private Answer arrive(TransferOrder order, Instant now) {
        if (late.stream().anyMatch(call -> call.order().key().equals(order.key()))) {
            return Answer.of(Outcome.NOT_YET, "409 in use");
        }
        if (!payable && random.nextBoolean()) {
            return Answer.of(Outcome.NOT_PAYABLE, "before the key");
        }
        return execute(order, now);
    }

    /** What the key remembers, or what is done now and remembered. */
    private Answer execute(TransferOrder order, Instant now) {
        Saved saved = keys.get(order.key());
        if (saved != null && saved.at().plus(KEY_LIFE).isAfter(now)) {
            return saved.answer();
        }
        Answer answer = effect();
        keys.put(order.key(), new Saved(answer, now));
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
        return random.nextDouble() < faults / 4
                ? lost("500 after the effect, saved")
                : Answer.paid(transfers.getLast(), "made");
    }

    private void settle(Instant now) {
        List<Late> due = late.stream().filter(call -> !call.at().isAfter(now)).toList();
        late.removeAll(due);
        due.forEach(call -> execute(call.order(), call.at()));
    }

    private static Answer lost(@Nullable String detail) {
        return Answer.of(Outcome.UNKNOWN, String.valueOf(detail));
    }
}
