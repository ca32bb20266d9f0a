package dev.paymaster.system.chaos;

import dev.paymaster.system.chaos.Fault.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code ./paymaster chaos} can be told.
 *
 * @param only the kinds of faults that are asked for; empty: all that a run of this length has
 */
record ChaosOptions(int seeds, Duration time, long seed, Set<Kind> only, boolean help) {
    private static final int MAX_SEEDS = 1_000;
    private static final int MAX_MINUTES = 24 * 60;
    private static final Duration DEFAULT_TIME = Duration.ofMinutes(2);

    /** In a run of this length, faults that last for minutes leave room for the others. */
    private static final Duration LONG = Duration.ofMinutes(20);

    static final String HELP = """
            Usage: ./paymaster chaos [--seeds N] [--minutes M] [--seed S] [--only F,G]

            Starts a broker, a database, a local Stripe and two instances of each service, each a process of its own, on free
            ports and in a directory that goes afterwards. Then people buy credits, have jobs done and are paid, over HTTP and
            through Kafka, while processes are killed, frozen and restarted, connections cut, slowed down and silenced,
            partitions raised, clocks set wrong, and Stripe does what it shouldn't. At the end everything comes to rest, and
            whatever was promised is checked from outside.

              --seeds N    how many runs, each with the next seed and all of it anew  (1)
              --minutes M  how long each run breaks things  (2)
              --seed S     the first seed; else one is drawn, and told
              --only F,G   no faults but these, by their names:
                           %s

            Those that last for minutes come only by name, or when a run lasts %d minutes or longer.
            The seed decides which faults come in which order, and what people do; not what the processes are just doing then.
            When a rule is broken, the logs of all processes stay, and it says where.

            Exit status: 0 nothing is broken, 1 something is, or the run itself failed, 2 not understood.
            """.formatted(
                    Kind.options(EnumSet.allOf(Kind.class)).replace(",", "\n" + " ".repeat(15)), LONG.toMinutes());

    /**
     * Reads a command line.
     *
     * @param drawn the seed if none is given
     * @throws IllegalArgumentException naming what isn't understood
     */
    static ChaosOptions parse(List<String> arguments, long drawn) {
        ChaosOptions options = new ChaosOptions(1, DEFAULT_TIME, drawn, Set.of(), false);
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (name.equals("--help") || name.equals("-h")) {
                return new ChaosOptions(options.seeds, options.time, options.seed, options.only, true);
            }
            if (!List.of("--seeds", "--minutes", "--seed", "--only").contains(name)) {
                throw new IllegalArgumentException(
                        "no such option: " + argument + "; there are --seeds N, --minutes M, --seed S and --only F,G");
            }
            String value = equals >= 0 ? argument.substring(equals + 1) : rest.hasNext() ? rest.next() : "";
            options = options.with(name, value);
        }
        return options;
    }

    private ChaosOptions with(String name, String value) {
        return switch (name) {
            case "--seeds" -> new ChaosOptions((int) number(name, value, 1, MAX_SEEDS), time, seed, only, help);
            case "--minutes" ->
                new ChaosOptions(seeds, Duration.ofMinutes(number(name, value, 1, MAX_MINUTES)), seed, only, help);
            case "--only" -> new ChaosOptions(seeds, time, seed, kinds(value), help);
            default -> new ChaosOptions(seeds, time, number(name, value, Long.MIN_VALUE, Long.MAX_VALUE), only, help);
        };
    }

    private static Set<Kind> kinds(String value) {
        try {
            return Arrays.stream(value.split(",", -1)).map(Kind::of).collect(Collectors.toUnmodifiableSet());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--only: " + e.getMessage(), e);
        }
    }

    /** The kinds of faults that come. */
    Set<Kind> kinds() {
        if (!only.isEmpty()) {
            return only;
        }
        return time.compareTo(LONG) < 0 ? Kind.usual() : Set.of(Kind.values());
    }

    /** The command line that makes the same plan again, with this seed. */
    String again(long itsSeed) {
        return "./paymaster chaos --seed " + itsSeed + " --minutes " + time.toMinutes()
                + (only.isEmpty() ? "" : " --only " + Kind.options(only));
    }

    private static long number(String name, String text, long least, long most) {
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException(
                name + " takes a whole number from " + least + " to " + most + ", not '" + text + "'");
    }
}
