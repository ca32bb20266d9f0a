package dev.paymaster.gateway.catalogue;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Credits that can be bought once, under {@code topups}. credit-worker grants by the same settings.
 *
 * @param packs replaces the default packs, unless empty
 */
@ConfigurationProperties("topups")
public record TopUpSettings(@DefaultValue Map<String, PackSettings> packs) {
    /** Dearer a credit than any tier, so that nobody is better off without a subscription. */
    private static final List<Pack> DEFAULTS =
            List.of(new Pack("small", 10, 300), new Pack("medium", 50, 1_250), new Pack("large", 200, 4_500));

    /** Stripe charges no less (docs.stripe.com/currencies#minimum-and-maximum-charge-amounts). */
    private static final long MIN_CENTS = 50;

    /** Stripe charges no more: eight digits. */
    private static final long MAX_CENTS = 99_999_999;

    public TopUpSettings {
        packs = Map.copyOf(packs);
        packs.forEach((name, pack) -> {
            if (pack.credits() <= 0 || pack.priceCents() < MIN_CENTS || pack.priceCents() > MAX_CENTS) {
                throw new IllegalStateException("topups.packs." + name
                        + " needs positive credits, and price-cents from " + MIN_CENTS + " to " + MAX_CENTS);
            }
        });
    }

    /** A pack in the settings. */
    public record PackSettings(long credits, long priceCents) {}

    /**
     * A pack of credits.
     *
     * @param credits whole credits that one payment grants; they lapse only if credit-worker's settings say so
     */
    public record Pack(String name, long credits, long priceCents) {}

    /** The packs that are sold, smallest first. */
    public List<Pack> packList() {
        return packs.isEmpty()
                ? DEFAULTS
                : packs.entrySet().stream()
                        .map(pack -> new Pack(
                                pack.getKey(),
                                pack.getValue().credits(),
                                pack.getValue().priceCents()))
                        .sorted(Comparator.comparingLong(Pack::priceCents).thenComparing(Pack::name))
                        .toList();
    }
}
