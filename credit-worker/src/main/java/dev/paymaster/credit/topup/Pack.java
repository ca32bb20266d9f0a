package dev.paymaster.credit.topup;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What can be bought once.
 *
 * @param credits whole credits
 * @param expiresAfter how long after the payment they lapse; absent: never
 */
public record Pack(String name, long credits, @Nullable Duration expiresAfter) {
    public Pack {
        Objects.requireNonNull(name, "name");
        if (credits <= 0 || (expiresAfter != null && !expiresAfter.isPositive())) {
            throw new IllegalArgumentException(
                    "pack " + name + " needs positive credits and a positive time to expire");
        }
    }
}
