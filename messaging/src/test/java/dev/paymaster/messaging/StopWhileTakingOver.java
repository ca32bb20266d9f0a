package dev.paymaster.messaging;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.ConsumerPostProcessor;

/** Holds a consumer that takes partitions over until it is stopped, and tells how the poll ended within which it did. */
final class StopWhileTakingOver implements ConsumerPostProcessor<byte[], byte[]> {
    final CountDownLatch takingOver = new CountDownLatch(1);
    final CompletableFuture<String> endOfPoll = new CompletableFuture<>();
    private final CountDownLatch woken = new CountDownLatch(1);

    @Override
    @SuppressWarnings("unchecked") // it is a consumer of the same records
    public Consumer<byte[], byte[]> apply(Consumer<byte[], byte[]> consumer) {
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(),
                new Class<?>[] {Consumer.class},
                (_, method, arguments) -> call(consumer, method, arguments));
    }

    private @Nullable Object call(Consumer<?, ?> consumer, Method method, Object @Nullable [] arguments)
            throws Throwable {
        if (method.getName().equals("endOffsets")) {
            takingOver.countDown();
            woken.await();
        }
        String end = "returned";
        try {
            return method.invoke(consumer, arguments);
        } catch (InvocationTargetException e) {
            Throwable cause = requireNonNull(e.getCause(), "of what it has thrown");
            end = cause.getClass().getSimpleName();
            throw cause;
        } finally {
            if (method.getName().equals("wakeup")) {
                woken.countDown();
            } else if (method.getName().equals("poll") && takingOver.getCount() == 0) {
                endOfPoll.complete(end);
            }
        }
    }
}
