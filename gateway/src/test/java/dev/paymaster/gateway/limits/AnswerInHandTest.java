package dev.paymaster.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.gateway.http.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

class AnswerInHandTest {
    /** As {@link BytesInHand} has it; large ones have half of it. */
    private static final int ROOM =
            (int) Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 8);

    private final BytesInHand all = new BytesInHand();
    private final AtomicInteger full = new AtomicInteger();

    @Test
    void largeAnswersAreRefusedWhenHalfOfTheRoomIsTaken() {
        AnswerInHand first = answer();
        first.become(ROOM / 2);

        assertThatThrownBy(() -> answer().become(1 << 20))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo("overloaded"));
        assertThat(full).hasValue(1);
        answer().become(100 << 10);
        first.end();
        answer().become(1 << 20);
    }

    @Test
    void oneCallerHasAQuarterOfTheRoomAndAlwaysOneAnswer() {
        UUID slow = UUID.randomUUID();
        List<AnswerInHand> unread = new ArrayList<>();
        for (int taken = 0; taken + (1 << 20) <= ROOM / 4; taken += 1 << 20) {
            unread.add(answerFor(slow));
            unread.getLast().become(1 << 20);
        }

        assertThatThrownBy(() -> answerFor(slow).become(1 << 20)).isInstanceOf(Problem.class);
        answerFor(UUID.randomUUID()).become(1 << 20);
        answerFor(slow).become(16 << 10);
        unread.forEach(AnswerInHand::end);
        answerFor(slow).become(ROOM / 3);
    }

    @Test
    void smallAnswersTakeNoRoom() {
        answer().become(ROOM / 2);
        for (int taken = ROOM / 2; taken < 2 * ROOM; taken += 16 << 10) {
            answer().become(16 << 10);
        }
    }

    @Test
    void anAnswerTakesThePlaceOfWhatItIsMadeOf() {
        AnswerInHand answer = answer();
        answer.become(ROOM / 2);

        answer.become(ROOM / 4);

        answer().become(ROOM / 4);
        assertThat(hasRoomFor(answer(), 1 << 20)).isFalse();
        answer.become(0);
        assertThat(hasRoomFor(answer(), 1 << 20)).isTrue();
    }

    @Test
    void takesNothingWhenItIsOver() {
        AnswerInHand answer = answer();
        answer.end();
        answer.become(ROOM / 2);

        answer().become(ROOM / 2);
    }

    private AnswerInHand answerFor(UUID caller) {
        AnswerInHand answer = answer();
        AnswerInHand.isFor(caller, answer.in(Context.empty()));
        return answer;
    }

    private AnswerInHand answer() {
        return new AnswerInHand(all, full::incrementAndGet);
    }

    private static boolean hasRoomFor(AnswerInHand answer, int bytes) {
        Mono<Boolean> found = AnswerInHand.hasRoomFor(bytes).contextWrite(answer::in);
        return Boolean.TRUE.equals(found.block());
    }
}
