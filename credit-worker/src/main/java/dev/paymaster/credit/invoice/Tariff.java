package dev.paymaster.credit.invoice;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which of Stripe's prices are ours, by price id. */
public record Tariff(Map<String, Plan> plans) {
    public Tariff {
        plans = Map.copyOf(plans);
    }

    @Nullable
    Plan planOf(@Nullable String price) {
        return price == null ? null : plans.get(price);
    }
}
