package dev.paymaster.payout.instrument;

import java.util.Collection;

/** Who is known to have used which card or bank account. Facts are only added. Implementations are thread-safe. */
@FunctionalInterface
public interface KnownInstruments {
    /** Adds what is new of these. */
    void add(Collection<InstrumentReport> reports);
}
