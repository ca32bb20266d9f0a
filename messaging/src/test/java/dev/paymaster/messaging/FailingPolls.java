package dev.paymaster.messaging;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.Consumer;
import org.springframework.kafka.core.ConsumerPostProcessor;

/** Lets a consumer's next polls fail. Thread-safe. */
final class FailingPolls implements ConsumerPostProcessor<byte[], byte[]> {
    private final Queue<RuntimeException> failures;

    FailingPolls(RuntimeException... failures) {
        this.failures = new ConcurrentLinkedQueue<>(List.of(failures));
    }

    void fail(RuntimeException failure) {
        failures.add(failure);
    }

    @Override
    @SuppressWarnings("unchecked") // it is a consumer of the same records
    public Consumer<byte[], byte[]> apply(Consumer<byte[], byte[]> consumer) {
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, (_, method, arguments) -> {
                    RuntimeException failure = method.getName().equals("poll") ? failures.poll() : null;
                    if (failure != null) {
                        throw failure;
                    }
                    try {
                        return method.invoke(consumer, arguments);
                    } catch (InvocationTargetException e) {
                        throw requireNonNull(e.getCause(), "of what it has thrown");
                    }
                });
    }
}
