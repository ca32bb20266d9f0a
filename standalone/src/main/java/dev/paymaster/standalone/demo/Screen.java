package dev.paymaster.standalone.demo;

import java.io.PrintStream;

/** Prints the story, in colours where the terminal has them. Thread-safe: events are printed as they come. */
final class Screen {
    private static final String RESET = "\u001b[0m";
    private static final String BOLD = "\u001b[1m";
    private static final String DIM = "\u001b[2m";
    private static final String GREEN = "\u001b[32m";
    private static final String YELLOW = "\u001b[33m";
    private static final String CYAN = "\u001b[36m";

    private final PrintStream out;
    private final boolean colours;
    private int chapter;

    Screen(PrintStream out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    synchronized void title(String text) {
        out.println();
        out.println(in(BOLD, text));
    }

    synchronized void chapter(String text) {
        chapter++;
        out.println();
        out.println(in(BOLD, chapter + ". " + text));
    }

    /** A call and its answer. */
    synchronized void call(String who, String method, String path, String body, String answer) {
        out.printf("   %s %s %s%s%n", in(CYAN, "%-8s".formatted(who)), method, path, body.isEmpty() ? "" : " " + body);
        out.printf("            %s%n", in(DIM, "-> " + answer));
    }

    synchronized void event(String topic, String type, String details) {
        out.printf("   %s %-14s %-17s %s%n", in(YELLOW, "event   "), topic, in(YELLOW, type), in(DIM, details));
    }

    synchronized void balance(String text) {
        out.printf("   %s %s%n", in(GREEN, "balance "), text);
    }

    synchronized void note(String text) {
        out.println("            " + in(DIM, text));
    }

    synchronized void good(String text) {
        out.println();
        out.println(in(GREEN, text));
    }

    private String in(String colour, String text) {
        return colours ? colour + text + RESET : text;
    }
}
