package dev.paymaster.payout;

import dev.paymaster.events.MessageTypes;
import dev.paymaster.events.payout.PayoutCommand.ApplyReversalOutcome;
import dev.paymaster.events.payout.PayoutCommand.ApplyTransferOutcome;
import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.messaging.outbox.Publisher;
import dev.paymaster.payout.transfer.Answer;
import dev.paymaster.payout.transfer.ReversalOrder;
import dev.paymaster.payout.transfer.TransferOrder;
import dev.paymaster.payout.transfer.Transfers;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;

/** Stands around the dispatcher's two doors to the outside, and kills whoever comes to the chosen one. */
class Interference {
    private static final Set<String> OUTCOMES =
            Set.of(MessageTypes.nameOf(ApplyTransferOutcome.class), MessageTypes.nameOf(ApplyReversalOutcome.class));
    private static final AtomicReference<Point> DEADLY = new AtomicReference<>(Point.NONE);

    /** Where a worker may die; each kills once. */
    enum Point {
        NONE,
        BEFORE_CALL,
        AFTER_CALL,
        BEFORE_PUBLISH,
        AFTER_PUBLISH
    }

    /** The next one who comes there dies. */
    static void killAt(Point point) {
        DEADLY.set(point);
    }

    /** Whether somebody has come there, and died. */
    static boolean hasKilled() {
        return DEADLY.get() == Point.NONE;
    }

    private static void pass(Point point) {
        if (DEADLY.compareAndSet(point, Point.NONE)) {
            throw new Killed(point);
        }
    }

    /** Not an exception: nothing in the worker may catch and handle its own death. */
    static final class Killed extends Error {
        Killed(Point point) {
            super("killed " + point, null, false, false);
        }
    }

    @Bean
    static BeanPostProcessor deathTraps() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return switch (bean) {
                    case Transfers transfers -> new DeadlyTransfers(transfers);
                    case Publisher publisher -> new DeadlyPublisher(publisher);
                    default -> bean;
                };
            }
        };
    }

    private record DeadlyTransfers(Transfers transfers) implements Transfers {
        @Override
        public Answer make(TransferOrder order) {
            pass(Point.BEFORE_CALL);
            Answer answer = transfers.make(order);
            pass(Point.AFTER_CALL);
            return answer;
        }

        @Override
        public Answer find(TransferOrder order) {
            return transfers.find(order);
        }

        @Override
        public Answer reverse(ReversalOrder order) {
            pass(Point.BEFORE_CALL);
            Answer answer = transfers.reverse(order);
            pass(Point.AFTER_CALL);
            return answer;
        }

        @Override
        public Answer inspect(ReversalOrder order) {
            return transfers.inspect(order);
        }
    }

    private record DeadlyPublisher(Publisher publisher) implements Publisher {
        @Override
        public void publish(List<Outgoing> records) {
            boolean outcome =
                    records.stream().anyMatch(record -> OUTCOMES.contains(String.valueOf(record.header("ce_type"))));
            if (outcome) {
                pass(Point.BEFORE_PUBLISH);
            }
            publisher.publish(records);
            if (outcome) {
                pass(Point.AFTER_PUBLISH);
            }
        }
    }
}
