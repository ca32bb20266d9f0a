package dev.paymaster.system.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/** Says what is going on, a line with the seconds so far for each step. */
final class Progress {
    private final PrintStream err;
    private final long startNanos;
    private final String name;

    Progress(PrintStream err) {
        this(err, System.nanoTime(), "bench");
    }

    private Progress(PrintStream err, long startNanos, String name) {
        this.err = err;
        this.startNanos = startNanos;
        this.name = name;
    }

    /** The same, for one benchmark. */
    Progress of(String benchmark) {
        return new Progress(err, startNanos, benchmark);
    }

    void says(String what) {
        err.printf(Locale.ROOT, "%5d s  %s: %s%n", seconds(), name, what);
    }

    void failed(RuntimeException failure, Path directory) {
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
