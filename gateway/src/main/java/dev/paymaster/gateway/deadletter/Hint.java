package dev.paymaster.gateway.deadletter;

import java.util.List;
import java.util.Locale;

/** What to do about a dead letter, as far as its failure tells. Pure. */
final class Hint {
    private static final String OTHERWISE = "Mend what the message names, then replay; discard what nobody needs.";

    /** The first whose words stand in the message. */
    private static final List<Rule> RULES = List.of(
            new Rule(
                    "header ce_",
                    "A producer left a header out: have it sent again as README tells, and discard this."),
            new Rule("not known here", "A newer version wrote it: upgrade the worker, then replay."),
            new Rule("no value", "Nobody can read an empty record: have it sent again, and discard this."),
            new Rule("not a valid", "Whoever wrote it broke a rule of its type: have it sent again, and discard this."),
            new Rule("mode", "The event and STRIPE_SECRET_KEY are of different modes: set the right key, then replay."),
            new Rule(
                    "usd", "Grant by hand or refund, and discard; or set stripe.foreign-currency: ignore, and replay."),
            new Rule("pack", "Add the pack to topups.packs of the gateway and credit-worker, then replay."));

    private Hint() {}

    private record Rule(String words, String hint) {}

    static String of(DeadLetterStore.Summary letter) {
        if (letter.omitted()) {
            return "It was too large for a letter. Its record lies where it stood: read it there, and have it sent again in parts.";
        }
        String message = letter.message().toLowerCase(Locale.ROOT);
        return RULES.stream()
                .filter(rule -> message.contains(rule.words()))
                .findFirst()
                .map(Rule::hint)
                .orElse(OTHERWISE);
    }
}
