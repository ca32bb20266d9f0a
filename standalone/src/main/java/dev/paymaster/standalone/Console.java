package dev.paymaster.standalone;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Writes a line per step to a terminal: its name at once, a dot for every two seconds that it takes, then its time. */
final class Console implements Progress {
    /** A step longer than this must show that it lives. */
    private static final int DOT_SECONDS = 2;

    private static final int NAME_WIDTH = 34;

    private final PrintStream out;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService dots = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("progress").factory());
    private long startNanos;
    private @Nullable ScheduledFuture<?> dotting;

    Console(PrintStream out, LongSupplier nanoTime) {
        this.out = out;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized void begins(String step) {
        startNanos = nanoTime.getAsLong();
        out.printf("  %-" + NAME_WIDTH + "s ", step);
        out.flush();
        dotting = dots.scheduleAtFixedRate(this::dot, DOT_SECONDS, DOT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public synchronized void ends(String step) {
        stopDots();
        out.printf(" %s%n", seconds(Duration.ofNanos(nanoTime.getAsLong() - startNanos)));
    }

    /** Ends the line of a step that did not end. */
    synchronized void breaksOff() {
        if (stopDots()) {
            out.println();
        }
    }

    synchronized void line(String text) {
        out.println(text);
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    private synchronized void dot() {
        out.print('.');
        out.flush();
    }

    private boolean stopDots() {
        ScheduledFuture<?> running = dotting;
        dotting = null;
        return running != null && running.cancel(false);
    }
}
