package dev.paymaster.system.command;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/** Says what is going on, a line with the seconds so far for each step. */
public final class Progress {
    private final PrintStream err;
    private final long startNanos;
    private final String name;

    public Progress(PrintStream err, String command) {
        this(err, System.nanoTime(), command);
    }

    private Progress(PrintStream err, long startNanos, String name) {
        this.err = err;
        this.startNanos = startNanos;
        this.name = name;
    }

    /** The same, for one part of it. */
    public Progress of(String part) {
        return new Progress(err, startNanos, part);
    }

    /** Thread-safe. */
    public void says(String what) {
        err.printf(Locale.ROOT, "%5d s  %s: %s%n", seconds(), name, what);
    }

    public void failed(Throwable failure, Path directory) {
        err.printf(Locale.ROOT, "%5d s  paymaster: %s%n", seconds(), failure);
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            err.println("         because of " + cause);
        }
        err.println("         what is left of it, with a log, is in " + directory);
    }

    private long seconds() {
        return (System.nanoTime() - startNanos) / 1_000_000_000;
    }
}
