package dev.paymaster.events.credit;

import dev.paymaster.events.Text;
import java.util.List;

/**
 * A subscription that can be bought.
 *
 * @param priceCents what a month costs, in cents of a US dollar
 * @param creditsPerMonth whole credits that each paid month grants
 */
public record Tier(String name, long priceCents, long creditsPerMonth) {
    public Tier {
        Text.require("tier", name, Text.MAX_LINE);
        if (priceCents < 0 || creditsPerMonth <= 0) {
            throw new IllegalArgumentException("tier " + name + " needs positive credits and no negative price");
        }
    }

    /** The catalogue when settings name no other, smallest first. */
    public static List<Tier> defaults() {
        return List.of(new Tier("starter", 1000, 50), new Tier("pro", 2500, 150), new Tier("team", 7500, 500));
    }
}
