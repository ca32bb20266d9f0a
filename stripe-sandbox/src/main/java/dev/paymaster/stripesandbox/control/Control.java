package dev.paymaster.stripesandbox.control;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One call under {@code /_sandbox/}.
 *
 * @param path segments after {@code /_sandbox/}, of which those in braces are variables: {@code refunds/{id}/fail}
 * @param fields what the JSON body may hold
 * @param handler what it does; runs inside {@code Store.transact}
 */
public record Control(String method, String path, Set<String> fields, Handler handler) {
    public Control {
        fields = Set.copyOf(fields);
    }

    /** The effect of a call, and the answer's body. Refuses by throwing {@code StripeRefusal}, before it changed anything. */
    @FunctionalInterface
    public interface Handler {
        ObjectNode handle(Input input);
    }

    /** A feature that can be controlled. */
    @FunctionalInterface
    public interface Group {
        List<Control> controls();
    }

    public static Control post(String path, Handler handler, String... fields) {
        return new Control("POST", path, Set.of(fields), handler);
    }

    /** The values of the path's variables if this is the control that was called, else null. */
    public @Nullable Map<String, String> match(String calledMethod, List<String> segments) {
        List<String> pattern = List.of(path.split("/", -1));
        if (!method.equals(calledMethod) || pattern.size() != segments.size()) {
            return null;
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < pattern.size(); i++) {
            String expected = pattern.get(i);
            if (expected.startsWith("{")) {
                variables.put(expected.substring(1, expected.length() - 1), segments.get(i));
            } else if (!expected.equals(segments.get(i))) {
                return null;
            }
        }
        return variables;
    }
}
