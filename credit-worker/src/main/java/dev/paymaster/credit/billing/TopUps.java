package dev.paymaster.credit.billing;

import dev.paymaster.ledger.sql.SetStatement;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcOperations;

/** Table {@code billing.top_up}. Thread-safe. */
final class TopUps {
    private static final String LOAD_APPLIED = "SELECT session_id FROM billing.top_up WHERE session_id = ANY (?)";

    private static final String INSERT = """
            INSERT INTO billing.top_up (session_id, user_id, customer_id, pack, credits, paid_cents, event_id, applied_at)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?) AS n (session_id) ORDER BY session_id""";

    private final JdbcOperations jdbc;

    TopUps(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Those that have had no effect yet, each once. */
    List<DueTopUp> fresh(List<DueTopUp> due) {
        if (due.isEmpty()) {
            return List.of();
        }
        Map<String, DueTopUp> bySession = new LinkedHashMap<>();
        due.forEach(each -> bySession.putIfAbsent(each.topUp().sessionId(), each));
        List<String> applied = jdbc.query(
                new SetStatement<>(LOAD_APPLIED, bySession.keySet()).with("text", id -> id),
                (row, number) -> row.getString(1));
        applied.forEach(bySession::remove);
        return List.copyOf(bySession.values());
    }

    void record(List<DueTopUp> bought, Instant now) {
        if (bought.isEmpty()) {
            return;
        }
        jdbc.update(new SetStatement<>(INSERT, bought)
                .with("text", each -> each.topUp().sessionId())
                .with("uuid", each -> each.topUp().userId())
                .with("text", each -> each.topUp().customerId())
                .with("text", each -> each.topUp().pack().name())
                .withLongs(each -> each.topUp().pack().credits())
                .withLongs(each -> each.topUp().paidCents())
                .with("text", each -> each.cause().envelope().id())
                .with("timestamptz", _ -> now));
    }
}
