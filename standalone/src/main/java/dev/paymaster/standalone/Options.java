package dev.paymaster.standalone;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Command-line options, as {@code --name value} or {@code --name=value}. Only known names are accepted, each once.
 */
public final class Options {
    private static final String HELP = "--help";

    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads a command line.
     *
     * @throws StartRefused naming what isn't understood
     */
    public static Options parse(List<String> arguments, Set<String> names) {
        Map<String, String> values = new LinkedHashMap<>();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            if (argument.equals(HELP) || argument.equals("-h")) {
                values.put(HELP, "");
                continue;
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (!names.contains(name)) {
                throw new StartRefused("unknown option " + name + "; --help lists them");
            }
            if (equals < 0 && !rest.hasNext()) {
                throw new StartRefused(name + " needs a value");
            }
            String value = equals < 0 ? rest.next() : argument.substring(equals + 1);
            if (values.put(name, value) != null) {
                throw new StartRefused(name + " is given twice");
            }
        }
        return new Options(values);
    }

    public boolean wantsHelp() {
        return values.containsKey(HELP);
    }

    public String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    /**
     * The option's value as a number.
     *
     * @throws StartRefused when it is no whole number
     */
    public int number(String name, int otherwise) {
        String value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new StartRefused(name + " takes a number, not " + value);
        }
    }
}
