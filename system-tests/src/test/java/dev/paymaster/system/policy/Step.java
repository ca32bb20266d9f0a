package dev.paymaster.system.policy;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.Person.Balance;
import java.util.List;
import java.util.function.Consumer;

/** One thing that happens to a job, or that must become true by then. Receivers are numbered from 1. */
sealed interface Step {
    String says();

    record Act(String says, Consumer<Task> action) implements Step {}

    record Must(String says, Consumer<Task> check) implements Step {
        void become(Task task) {
            eventually(says).untilAsserted(() -> check.accept(task));
        }
    }

    static Step accepts(int receiver) {
        return new Act(
                "receiver " + receiver + " accepts",
                task -> task.receiver(receiver).accept(task.job()).expect(200));
    }

    /** Nobody pays themselves. */
    static Step senderIsRefusedIt() {
        return new Act(
                "the sender may not accept it",
                task -> assertThat(task.sender().accept(task.job()).expect(409).text("/code"))
                        .isEqualTo("own_job"));
    }

    static Step submits(int receiver) {
        return new Act(
                "receiver " + receiver + " submits",
                task -> task.receiver(receiver).submit(task.job()).expect(200));
    }

    static Step verifies() {
        return new Act(
                "the sender lets it pass",
                task -> task.sender().verify(task.job(), true).expect(200));
    }

    static Step rejects() {
        return new Act(
                "the sender rejects it",
                task -> task.sender().verify(task.job(), false).expect(200));
    }

    /** Whatever the job waits for has not come in time. */
    static Step timeIsUp() {
        return new Act("time is up", Task::bringDeadlineUp);
    }

    static Step is(String status) {
        return new Must("is " + status, task -> assertThat(task.status()).isEqualTo(status));
    }

    /** What the sender has of {@link Task#CREDITS}. */
    static Step senderHas(long available, long held) {
        return new Must(
                "the sender has " + available + ", " + held + " held",
                task -> assertThat(task.sender().credits()).isEqualTo(new Balance(available, held, 0)));
    }

    static Step isPaid(int receiver) {
        return new Must("receiver " + receiver + " is paid", task -> {
            assertThat(task.payouts(receiver)).containsExactly("paid " + Person.PAY_CENTS);
            assertThat(task.payouts(3 - receiver)).isEmpty();
        });
    }

    static Step nobodyIsPaid() {
        return new Must(
                "nobody is paid",
                task -> assertThat(List.of(task.payouts(1), task.payouts(2))).allMatch(List::isEmpty));
    }
}
