package dev.paymaster.payout;

import dev.paymaster.payout.instrument.InstrumentReport;
import dev.paymaster.payout.instrument.KnownInstruments;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Tables {@code payouts.holder} and {@code payouts.instrument}: who has used which card or bank account. Facts are only
 * added, so their order and repetition don't matter; of two that name another user for one holder, the first counts.
 * Thread-safe.
 */
final class Instruments implements KnownInstruments {
    private static final String ADD_HOLDERS = """
            INSERT INTO payouts.holder (id, user_id)
            SELECT * FROM unnest(?::text[], ?::uuid[]) ON CONFLICT DO NOTHING""";

    private static final String ADD_INSTRUMENTS = """
            INSERT INTO payouts.instrument (holder, fingerprint)
            SELECT * FROM unnest(?::text[], ?::text[]) ON CONFLICT DO NOTHING""";

    private final JdbcOperations jdbc;

    Instruments(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Adds what is new; in ascending order, so that two batches that add the same don't wait for each other in a circle. */
    @Override
    public void add(Collection<InstrumentReport> reports) {
        Map<String, UUID> users = new TreeMap<>();
        Map<String, Set<String>> fingerprints = new TreeMap<>();
        for (InstrumentReport report : reports) {
            if (report.userId() != null) {
                users.putIfAbsent(report.holder(), report.userId());
            }
            fingerprints.computeIfAbsent(report.holder(), _ -> new TreeSet<>()).addAll(report.fingerprints());
        }
        if (!users.isEmpty()) {
            jdbc.update(
                    ADD_HOLDERS,
                    users.keySet().toArray(String[]::new),
                    users.values().stream().map(UUID::toString).toArray(String[]::new));
        }
        record Used(String holder, String fingerprint) {}
        var used = fingerprints.entrySet().stream()
                .flatMap(each -> each.getValue().stream().map(fingerprint -> new Used(each.getKey(), fingerprint)))
                .toList();
        if (!used.isEmpty()) {
            jdbc.update(
                    ADD_INSTRUMENTS,
                    used.stream().map(Used::holder).toArray(String[]::new),
                    used.stream().map(Used::fingerprint).toArray(String[]::new));
        }
    }
}
