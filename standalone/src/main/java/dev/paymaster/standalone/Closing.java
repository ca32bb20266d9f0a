package dev.paymaster.standalone;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been started, to be stopped in the reverse order. One that fails to stop is logged and doesn't keep the others
 * from stopping. Thread-safe.
 */
final class Closing {
    private static final Logger log = LoggerFactory.getLogger(Closing.class);

    private final Deque<Step> steps = new ArrayDeque<>();

    /** Something to stop before everything that was added so far. */
    synchronized void add(String name, AutoCloseable closeable) {
        steps.push(new Step(name, closeable));
    }

    /** Something to stop after everything else. */
    synchronized void addLast(String name, AutoCloseable closeable) {
        steps.addLast(new Step(name, closeable));
    }

    /** Stops everything; a second call finds nothing left to stop. */
    synchronized void run(Progress progress) {
        while (!steps.isEmpty()) {
            Step step = steps.pop();
            progress.begins("Stopping " + step.name());
            try {
                step.closeable().close();
            } catch (Exception e) {
                log.error("Could not stop {}", step.name(), e);
            }
            progress.ends("Stopping " + step.name());
        }
    }

    private record Step(String name, AutoCloseable closeable) {}
}
