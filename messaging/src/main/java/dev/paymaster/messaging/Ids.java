package dev.paymaster.messaging;

import com.fasterxml.uuid.Generators;
import java.util.UUID;

/** Makes ids. Thread-safe. */
@FunctionalInterface
public interface Ids {
    UUID next();

    /** UUIDv7: they grow with time, so that indexes stay small and lists are in order of creation. */
    static Ids timeOrdered() {
        return Generators.timeBasedEpochGenerator()::generate;
    }
}
