package dev.paymaster.credit.billing;

import dev.paymaster.credit.invoice.Tariff;
import dev.paymaster.credit.topup.Pack;
import java.util.Map;

/**
 * What is sold, and for which money.
 *
 * @param packs what can be bought once, by name
 * @param live whether the key is one for real money; events of the other mode are refused
 * @param foreignCurrency what becomes of what was paid in another currency than US dollars
 */
public record Terms(Tariff tariff, Map<String, Pack> packs, boolean live, ForeignCurrency foreignCurrency) {
    public Terms {
        packs = Map.copyOf(packs);
    }

    /** What to do when somebody has paid for something of ours in another currency. */
    public enum ForeignCurrency {
        /** The event goes to the dead letters, where people see it: money came in and nothing was given for it. */
        REFUSE,
        /** It grants nothing, and is only counted. */
        IGNORE
    }
}
