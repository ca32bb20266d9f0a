package dev.paymaster.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.springframework.jdbc.core.JdbcOperations;

/** The invariants of the ledger as SQL, over whatever is in the database. */
final class Books {
    /** What a kind does to available, held and debt, said once more and apart from {@link TransferKind}. */
    private static final String EFFECTS = """
            (VALUES ('grant', 1, 0, 0), ('repay', -1, 0, -1), ('hold', -1, 1, 0), ('capture', 0, -1, 0),
                    ('release', 1, -1, 0), ('revoke', -1, 0, 0), ('reinstate', 1, 0, 0), ('expire', -1, 0, 0))
             AS effect (kind, available, held, debt)""";

    private static final String WRONG_ACCOUNTS = """
            SELECT count(*) FROM ledger.account AS a
            LEFT JOIN (SELECT user_id,
                              sum(amount * CASE WHEN lot_id IS NULL THEN 0 ELSE available END) AS available,
                              sum(amount * held) AS held,
                              sum(amount * CASE WHEN lot_id IS NULL THEN -available ELSE debt END) AS debt,
                              count(*) AS transfers, max(sequence) AS last
                       FROM ledger.transfer JOIN %s USING (kind) GROUP BY user_id) AS t USING (user_id)
            WHERE (a.available, a.held, a.debt, a.sequence, a.sequence) IS DISTINCT FROM
                  (coalesce(t.available, 0), coalesce(t.held, 0), coalesce(t.debt, 0), coalesce(t.transfers, 0),
                   coalesce(t.last, 0))""".formatted(EFFECTS);

    private static final String WRONG_LOTS = """
            SELECT count(*) FROM ledger.lot AS l
            LEFT JOIN (SELECT lot_id, sum(amount * available) AS remaining,
                              sum(amount) FILTER (WHERE kind = 'grant') AS granted
                       FROM ledger.transfer JOIN %s USING (kind) GROUP BY lot_id) AS t ON t.lot_id = l.id
            WHERE (l.remaining, l.granted) IS DISTINCT FROM (t.remaining, t.granted)""".formatted(EFFECTS);

    private static final String WRONG_SUMS = """
            SELECT count(*) FROM ledger.account AS a
            WHERE a.available <> (SELECT coalesce(sum(remaining), 0) FROM ledger.lot AS l WHERE l.user_id = a.user_id)""";

    private static final String WRONG_BALANCES_AFTER = """
            SELECT count(*) FROM ledger.account AS a JOIN ledger.transfer AS t USING (user_id, sequence)
            WHERE (a.available, a.held, a.debt) <> (t.available_after, t.held_after, t.debt_after)""";

    private Books() {}

    static void reconcile(JdbcOperations jdbc) {
        for (String query : new String[] {WRONG_ACCOUNTS, WRONG_LOTS, WRONG_SUMS, WRONG_BALANCES_AFTER}) {
            assertThat(jdbc.queryForObject(query, Long.class)).as(query).isZero();
        }
    }
}
