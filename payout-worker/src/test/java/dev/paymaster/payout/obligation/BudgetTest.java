package dev.paymaster.payout.obligation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How far a sender's cash goes: every line of up to four payouts, every cash and every commitment up to eight. */
class BudgetTest {
    private static final int MOST = 8;

    @Test
    void coversTheLongestFrontOfALineThatFits() {
        for (long cash = 0; cash <= MOST; cash++) {
            for (long committed = 0; committed <= MOST; committed++) {
                for (List<Long> line : lines(4)) {
                    Budget budget = new Budget(cash, committed);
                    int covered = budget.covered(line);
                    long sum = committed + sum(line.subList(0, covered));

                    String words = budget + " " + line;
                    assertThat(covered == 0 || sum <= cash).as(words).isTrue();
                    if (covered < line.size()) {
                        assertThat(sum + line.get(covered)).as(words).isGreaterThan(cash);
                    }
                }
            }
        }
    }

    /** One after the other comes to the same as all at once. */
    @Test
    void coversTheSameInWhateverSteps() {
        for (long cash = 0; cash <= MOST; cash++) {
            for (List<Long> line : lines(4)) {
                Budget budget = Budget.NONE;
                List<Long> left = new ArrayList<>(line);
                for (long cent = 0; cent < cash; cent++) {
                    budget = budget.earning(1);
                    while (!left.isEmpty() && budget.covers(left.getFirst())) {
                        budget = budget.committing(left.removeFirst());
                    }
                }

                assertThat(line.size() - left.size())
                        .as("%d %s", cash, line)
                        .isEqualTo(new Budget(cash, 0).covered(line));
                assertThat(budget.committedCents()).isLessThanOrEqualTo(cash);
            }
        }
    }

    @Test
    void hasRoomAgainWhenSomethingWasTakenBack() {
        Budget full = new Budget(100, 100);

        assertThat(full.covers(1)).isFalse();
        assertThat(full.committing(-40).covers(40)).isTrue();
        assertThat(full.committing(-40).covers(41)).isFalse();
        assertThat(full.committing(50).covers(1))
                .as("an administrator wanted more")
                .isFalse();
    }

    @Test
    void refusesToOverflow() {
        Budget budget = new Budget(Long.MAX_VALUE, Long.MAX_VALUE);

        assertThatThrownBy(() -> budget.covers(1)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> budget.earning(1)).isInstanceOf(ArithmeticException.class);
    }

    private static long sum(List<Long> line) {
        return line.stream().mapToLong(cents -> cents).sum();
    }

    /** All lines of at most so many payouts of one to three cents. */
    private static List<List<Long>> lines(int most) {
        List<List<Long>> lines = new ArrayList<>(List.of(List.of()));
        if (most > 0) {
            for (List<Long> shorter : lines(most - 1)) {
                for (long cents = 1; cents <= 3; cents++) {
                    List<Long> line = new ArrayList<>(shorter);
                    line.add(cents);
                    lines.add(line);
                }
            }
        }
        return lines;
    }
}
