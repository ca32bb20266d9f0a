package dev.paymaster.events.job;

import dev.paymaster.events.Text;
import java.util.List;

/**
 * What a kind of job costs its sender and pays its receiver.
 *
 * @param creditCost whole credits
 * @param payoutCents cents of a US dollar
 */
public record Skill(String name, long creditCost, long payoutCents) {
    /** What one credit pays the receiver by default: $0.50. */
    public static final long DEFAULT_CENTS_PER_CREDIT = 50;

    public Skill {
        Text.require("skill", name, Text.MAX_LINE);
        if (creditCost <= 0 || payoutCents < 0) {
            throw new IllegalArgumentException("skill " + name + " needs a positive cost and no negative payout");
        }
    }

    /** The catalogue when settings name no other. */
    public static List<Skill> defaults() {
        return List.of(new Skill("research", 2, 2 * DEFAULT_CENTS_PER_CREDIT));
    }
}
