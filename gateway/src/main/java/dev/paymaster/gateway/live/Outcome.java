package dev.paymaster.gateway.live;

/**
 * What came of a command: the event that its worker published.
 *
 * @param type the event's type
 * @param value its JSON
 * @param replayed whether the command had been decided before
 */
public record Outcome(String type, byte[] value, boolean replayed) {
    Outcome asReplayed() {
        return new Outcome(type, value, true);
    }
}
