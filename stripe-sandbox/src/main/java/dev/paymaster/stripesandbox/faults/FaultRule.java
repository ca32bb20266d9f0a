package dev.paymaster.stripesandbox.faults;

import org.jspecify.annotations.Nullable;

/** One line of a fault plan: what happens, to what, how often. */
sealed interface FaultRule {
    int UNLIMITED = Integer.MAX_VALUE;

    /** The fault's name in the plan's JSON. */
    String kind();

    /** 0 to 1, drawn for each match. */
    double probability();

    /** How many times at most; {@link #UNLIMITED} for always. */
    int times();

    /**
     * A rule about calls.
     *
     * @param method null for any
     * @param path a path in which {@code *} stands for any characters
     * @param destination the account that the call is about; empty for any call
     */
    record OfCalls(
            String kind,
            double probability,
            int times,
            @Nullable String method,
            String path,
            String destination,
            ApiFault fault)
            implements FaultRule {
        boolean matches(String calledMethod, String calledPath, @Nullable String calledDestination) {
            return (method == null || method.equals(calledMethod))
                    && Pattern.matches(path, calledPath)
                    && (destination.isEmpty() || destination.equals(calledDestination));
        }
    }

    /**
     * A rule about deliveries.
     *
     * @param events a type of event in which {@code *} stands for any characters
     */
    record OfWebhooks(String kind, double probability, int times, String events, WebhookFault fault)
            implements FaultRule {
        boolean matches(String eventType) {
            return Pattern.matches(events, eventType);
        }
    }

    /** Patterns in which a star stands for any characters. */
    final class Pattern {
        private Pattern() {}

        static boolean matches(String pattern, String text) {
            String regex = "\\Q" + pattern.replace("*", "\\E.*\\Q") + "\\E";
            return text.matches(regex);
        }
    }
}
