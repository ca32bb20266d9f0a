package dev.paymaster.credit;

import dev.paymaster.credit.topup.Pack;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What can be bought once, under {@code topups}.
 *
 * @param packs by the name that checkouts carry
 */
@ConfigurationProperties("topups")
@Validated
record TopUpSettings(@DefaultValue Map<String, @Valid PackSettings> packs) {
    TopUpSettings {
        packs = Map.copyOf(packs);
    }

    /**
     * One pack.
     *
     * @param expiresAfter how long after the payment its credits lapse; absent: never
     */
    record PackSettings(
            @Min(1) @Max(1_000_000_000) long credits,
            @Nullable Duration expiresAfter) {}

    Map<String, Pack> byName() {
        Map<String, Pack> byName = new HashMap<>();
        packs.forEach((name, pack) -> byName.put(name, new Pack(name, pack.credits(), pack.expiresAfter())));
        return Map.copyOf(byName);
    }
}
