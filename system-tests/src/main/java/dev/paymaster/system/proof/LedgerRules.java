package dev.paymaster.system.proof;

import java.util.List;

/** Accounts, lots and transfers agree: each can be derived from the transfers alone. */
final class LedgerRules {
    private LedgerRules() {}

    /** What each transfer does to the balances, written down here a second time, independently of the ledger. */
    private static final String EFFECTS = """
            WITH effect AS (
                SELECT t.*,
                       amount * CASE WHEN lot_id IS NULL OR kind = 'capture' THEN 0
                                     WHEN kind IN ('grant', 'release', 'reinstate') THEN 1 ELSE -1 END AS available,
                       amount * CASE kind WHEN 'hold' THEN 1 WHEN 'capture' THEN -1 WHEN 'release' THEN -1 ELSE 0 END
                           AS held,
                       amount * CASE WHEN kind = 'repay' THEN -1
                                     WHEN lot_id IS NULL AND kind = 'revoke' THEN 1
                                     WHEN lot_id IS NULL AND kind = 'reinstate' THEN -1 ELSE 0 END AS debt
                FROM ledger.transfer t)
            """;

    static final List<Rule> ALL = List.of(
            new Rule("available + held - debt is the signed sum of an account's transfers", EFFECTS + """
                    SELECT format('%s has %s + %s - %s, and its transfers make %s', a.user_id, a.available, a.held, a.debt,
                                  coalesce(sum(e.available + e.held - e.debt), 0))
                    FROM ledger.account a LEFT JOIN effect e USING (user_id)
                    GROUP BY a.user_id
                    HAVING a.available + a.held - a.debt <> coalesce(sum(e.available + e.held - e.debt), 0)"""),
            new Rule("an account is what its last transfer left", """
                    SELECT format('%s is (%s, %s, %s) at %s, its last transfer says (%s, %s, %s) at %s', a.user_id,
                                  a.available, a.held, a.debt, a.sequence,
                                  t.available_after, t.held_after, t.debt_after, t.sequence)
                    FROM ledger.account a
                    LEFT JOIN LATERAL (SELECT * FROM ledger.transfer WHERE user_id = a.user_id
                                       ORDER BY sequence DESC LIMIT 1) t ON true
                    WHERE (a.available, a.held, a.debt, a.sequence) IS DISTINCT FROM
                          (coalesce(t.available_after, 0), coalesce(t.held_after, 0), coalesce(t.debt_after, 0),
                           coalesce(t.sequence, 0))"""),
            new Rule("transfers belong to an account and are numbered 1, 2, 3 without a gap", """
                    SELECT format('%s has %s transfers, numbered %s to %s', t.user_id, count(*), min(t.sequence),
                                  max(t.sequence))
                    FROM ledger.transfer t LEFT JOIN ledger.account a USING (user_id)
                    GROUP BY t.user_id, a.user_id
                    HAVING min(t.sequence) <> 1 OR max(t.sequence) <> count(*) OR a.user_id IS NULL"""),
            new Rule("a transfer's balances follow from those of the transfer before it", EFFECTS + """
                    , step AS (
                        SELECT *, lag(available_after, 1, 0::bigint) OVER before AS available_before,
                               lag(held_after, 1, 0::bigint) OVER before AS held_before,
                               lag(debt_after, 1, 0::bigint) OVER before AS debt_before
                        FROM effect WINDOW before AS (PARTITION BY user_id ORDER BY sequence))
                    SELECT format('%s #%s %s %s', user_id, sequence, kind, amount) FROM step
                    WHERE (available_after, held_after, debt_after) IS DISTINCT FROM
                          (available_before + available, held_before + held, debt_before + debt)"""),
            new Rule("what remains of a lot is its grant, less what was drawn, plus what came back", EFFECTS + """
                    SELECT format('lot %s has %s of %s left, and its transfers make %s', l.id, l.remaining, l.granted,
                                  coalesce(sum(e.available), 0))
                    FROM ledger.lot l LEFT JOIN effect e ON e.user_id = l.user_id AND e.lot_id = l.id
                    GROUP BY l.user_id, l.id HAVING l.remaining <> coalesce(sum(e.available), 0)"""),
            new Rule("a lot was granted once, in full, by the transfer that opened it", """
                    SELECT format('lot %s of %s', l.id, l.granted)
                    FROM ledger.lot l
                    LEFT JOIN ledger.transfer t ON t.user_id = l.user_id AND t.lot_id = l.id AND t.kind = 'grant'
                    GROUP BY l.user_id, l.id
                    HAVING count(t.*) <> 1 OR min(t.amount) <> l.granted OR min(t.sequence) <> l.opened"""),
            new Rule("available is what remains in the lots", """
                    SELECT format('%s has %s available, and %s in lots', a.user_id, a.available,
                                  coalesce(sum(l.remaining), 0))
                    FROM ledger.account a LEFT JOIN ledger.lot l USING (user_id)
                    GROUP BY a.user_id HAVING a.available <> coalesce(sum(l.remaining), 0)"""));
}
