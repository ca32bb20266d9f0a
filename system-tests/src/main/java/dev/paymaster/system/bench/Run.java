package dev.paymaster.system.bench;

import org.jspecify.annotations.Nullable;

/** One round: ours, and right after it the reference, both in the result's unit. */
record Run(double ours, @Nullable Double reference) {
    @Nullable
    Double ratio() {
        return reference == null ? null : ours / reference;
    }
}
