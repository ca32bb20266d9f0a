package dev.paymaster.system.chaos.plant;

import dev.paymaster.messaging.outbox.Outgoing;
import java.lang.reflect.Method;
import java.util.List;
import java.util.UUID;
import net.bytebuddy.asm.Advice;
import reactor.core.publisher.Mono;

/** Code that is put into methods of Paymaster as it stands; what it calls is in {@link Planted}. */
@SuppressWarnings({"UnusedVariable", "UnusedMethod"}) // Byte Buddy reads assigned parameters, and calls
final class Advices {
    private Advices() {}

    static final class AtOnce {
        private AtOnce() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) Mono<Void> confirmed) {
            confirmed = Planted.atOnce(confirmed);
        }
    }

    static final class BesideTheTransaction {
        private BesideTheTransaction() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter(
                @Advice.This Object store, @Advice.Origin Method advance, @Advice.Argument(0) List<?> progress) {
            return Planted.inATransactionOfItsOwn(store, advance, progress);
        }
    }

    static final class BeyondTheLast {
        private BeyondTheLast() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 0, readOnly = false) List<Outgoing> records) {
            records = Planted.beyondTheLast(records);
        }
    }

    static final class WithoutLocks {
        private WithoutLocks() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 0, readOnly = false) String sql) {
            sql = Planted.withoutLocks(sql);
        }
    }

    static final class WithoutKey {
        private WithoutKey() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 1, readOnly = false) String key) {
            key = null;
        }
    }

    static final class FreshKey {
        private FreshKey() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 0, readOnly = false) String key) {
            key = key + ":" + UUID.randomUUID();
        }
    }

    static final class Empty {
        private Empty() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) List<?> found) {
            found = List.of();
        }
    }

    static final class Nothing {
        private Nothing() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter() {
            return true;
        }
    }
}
