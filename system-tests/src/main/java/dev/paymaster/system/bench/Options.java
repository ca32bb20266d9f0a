package dev.paymaster.system.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/** What {@code ./paymaster bench} can be told. */
record Options(List<String> names, Plan plan, boolean json, boolean help) {
    private static final int MAX_SECONDS = 300;

    static final String HELP = """
            Usage: ./paymaster bench [NAME…] [--json] [--seconds N]

            Measures, each figure beside a reference in the same run, in turn, on the same broker and database, with fsync on.
            Everything it needs is started on free ports and in a directory that goes afterwards. All of it takes some four
            minutes; another load on this machine makes the figures worse and wider.

              ingest       signed webhooks until they are answered, in Kafka
                           beside the same server that reads the same body and answers
              credits      paid invoices in Kafka until all grants are committed and their events published
                           beside one JDBC transaction per event, on 16 connections
              jobs         POST /api/jobs until it is answered, through Kafka and back
                           beside the same server with one R2DBC transaction per request
              start        './paymaster up' on data that is there already until it is ready, and its memory

              --json       {"benches": [{"name", "ratio", "ours", "reference", "unit", "runs"}]} on standard output
              --seconds N  how long each measured run takes, from 1 to 300  (3); 1 is one short round, to see that it works

            Exit status: 0 measured, 1 failed, 2 not understood.
            """;

    /**
     * Reads a command line.
     *
     * @throws IllegalArgumentException naming what isn't understood
     */
    static Options parse(List<String> arguments, Collection<String> known) {
        List<String> names = new ArrayList<>();
        Plan plan = Plan.DEFAULT;
        boolean json = false;
        boolean help = false;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            switch (argument) {
                case "--json" -> json = true;
                case "--help", "-h" -> help = true;
                case "--seconds" -> plan = Plan.of(number(rest.hasNext() ? rest.next() : ""));
                default -> {
                    if (argument.startsWith("--seconds=")) {
                        plan = Plan.of(number(argument.substring("--seconds=".length())));
                    } else if (known.contains(argument)) {
                        names.add(argument);
                    } else {
                        throw new IllegalArgumentException("no such benchmark or option: " + argument + "; there are "
                                + String.join(", ", known) + ", --json and --seconds N");
                    }
                }
            }
        }
        return new Options(names.isEmpty() ? List.copyOf(known) : names, plan, json, help);
    }

    private static int number(String text) {
        if (!text.matches("[1-9][0-9]{0,2}") || Integer.parseInt(text) > MAX_SECONDS) {
            throw new IllegalArgumentException(
                    "--seconds takes a number from 1 to " + MAX_SECONDS + ", not '" + text + "'");
        }
        return Integer.parseInt(text);
    }
}
