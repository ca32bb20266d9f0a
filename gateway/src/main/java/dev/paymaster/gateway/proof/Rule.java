package dev.paymaster.gateway.proof;

import java.util.List;

/**
 * Something that holds of the users in a range, at any moment.
 *
 * @param name for programs
 * @param sql finds what breaks it, as {@code subject} and {@code detail}; takes the range as {@code :after} and {@code :upto},
 *     and as {@code :grace} the seconds in which what has just happened may have no effect yet
 */
record Rule(String name, String sql) {
    /**
     * What each transfer does to the balances, written down here a second time, independently of the ledger. A transfer without
     * a lot moves debt alone.
     */
    private static final String ENTRIES = """
            WITH account AS (
                SELECT * FROM api.account_state WHERE user_id > :after AND user_id <= :upto),
            entry AS (
                SELECT t.user_id, t.sequence, t.kind, t.amount, t.lot_id, t.job_id,
                       t.available AS available_after, t.held AS held_after, t.debt AS debt_after,
                       amount * CASE WHEN lot_id IS NULL OR kind = 'capture' THEN 0
                                     WHEN kind IN ('grant', 'release', 'reinstate') THEN 1 ELSE -1 END AS available,
                       amount * CASE kind WHEN 'hold' THEN 1 WHEN 'capture' THEN -1 WHEN 'release' THEN -1 ELSE 0 END
                           AS held,
                       amount * CASE WHEN kind = 'repay' THEN -1
                                     WHEN lot_id IS NULL AND kind = 'revoke' THEN 1
                                     WHEN lot_id IS NULL AND kind = 'reinstate' THEN -1 ELSE 0 END AS debt
                FROM api.entry t WHERE user_id > :after AND user_id <= :upto),
            lot AS (
                SELECT * FROM api.lot_cash WHERE user_id > :after AND user_id <= :upto),
            invoice AS (
                SELECT invoice_id, user_id, granted FROM api.applied_invoice WHERE user_id > :after AND user_id <= :upto),
            job AS (
                SELECT id, sender, receiver, status, shadow, credit_cost, payout_cents, updated_at, charged,
                       updated_at NOT BETWEEN now() - make_interval(secs => :grace)
                                          AND now() + make_interval(secs => :grace) AS settled
                FROM api.job WHERE sender > :after AND sender <= :upto)
            """;

    static final List<Rule> ALL = List.of(
            new Rule("balance_is_the_sum_of_transfers", ENTRIES + """
                    SELECT coalesce(a.user_id, e.user_id)::text AS subject,
                           format('account: %s available, %s held, %s debt after %s transfers; transfers: %s, %s, %s, %s',
                                  a.available, a.held, a.debt, a.sequence, e.available, e.held, e.debt, e.count) AS detail
                    FROM account a
                    FULL JOIN (SELECT user_id, sum(available) AS available, sum(held) AS held, sum(debt) AS debt,
                                      count(*) AS count, max(sequence) AS last
                               FROM entry GROUP BY user_id) e USING (user_id)
                    WHERE a.user_id IS NULL
                       OR (a.available, a.held, a.debt, a.sequence, a.sequence) IS DISTINCT FROM
                          (coalesce(e.available, 0), coalesce(e.held, 0), coalesce(e.debt, 0), coalesce(e.count, 0),
                           coalesce(e.last, 0))"""),
            new Rule("transfers_follow_from_each_other", ENTRIES + """
                    SELECT user_id::text AS subject,
                           format('transfer %s, %s of %s, leaves %s, %s, %s', sequence, kind, amount, available_after,
                                  held_after, debt_after) AS detail
                    FROM (SELECT *, lag(available_after, 1, 0::bigint) OVER before AS available_before,
                                 lag(held_after, 1, 0::bigint) OVER before AS held_before,
                                 lag(debt_after, 1, 0::bigint) OVER before AS debt_before
                          FROM entry WINDOW before AS (PARTITION BY user_id ORDER BY sequence)) step
                    WHERE (available_after, held_after, debt_after) IS DISTINCT FROM
                          (available_before + available, held_before + held, debt_before + debt)"""),
            new Rule("lot_is_its_grant_less_its_draws", ENTRIES + """
                    SELECT l.id::text AS subject,
                           format('of %s: %s of %s remain; its transfers granted %s and left %s', l.user_id, l.remaining,
                                  l.granted, e.granted, coalesce(e.remaining, 0)) AS detail
                    FROM lot l
                    LEFT JOIN (SELECT user_id, lot_id, sum(available) AS remaining,
                                      sum(amount) FILTER (WHERE kind = 'grant') AS granted,
                                      min(sequence) FILTER (WHERE kind = 'grant') AS opened
                               FROM entry GROUP BY user_id, lot_id) e ON e.user_id = l.user_id AND e.lot_id = l.id
                    WHERE (l.remaining, l.granted, l.opened) IS DISTINCT FROM
                          (coalesce(e.remaining, 0), e.granted, e.opened)"""),
            new Rule("available_is_what_remains_in_lots", ENTRIES + """
                    SELECT a.user_id::text AS subject,
                           format('%s available, %s in lots', a.available, coalesce(l.remaining, 0)) AS detail
                    FROM account a
                    LEFT JOIN (SELECT user_id, sum(remaining) AS remaining FROM lot GROUP BY user_id) l USING (user_id)
                    WHERE a.available <> coalesce(l.remaining, 0)"""),
            new Rule("invoice_lots_make_up_what_it_granted", ENTRIES + """
                    SELECT coalesce(i.invoice_id, l.invoice_id) AS subject,
                           format('its lots hold %s for %s; it granted %s to %s', coalesce(l.granted, 0), l.user_id,
                                  i.granted, i.user_id) AS detail
                    FROM (SELECT user_id, substr(split_part(source_ref, '/', 1), length('invoice:') + 1) AS invoice_id,
                                 sum(granted) AS granted
                          FROM lot WHERE source = 'invoice' GROUP BY 1, 2) l
                    FULL JOIN invoice i ON (i.user_id, i.invoice_id) = (l.user_id, l.invoice_id)
                    WHERE coalesce(i.granted, 0) <> coalesce(l.granted, 0)"""),
            // What an older version granted is noted with no claim.
            new Rule("period_is_granted_once", ENTRIES + """
                    SELECT c.subscription_id || ' until ' || c.period_end AS subject,
                           format('%s credits entitle to %s; invoices claim %s and have granted %s', e.tier, e.credits,
                                  c.credits, c.granted) AS detail
                    FROM (SELECT subscription_id, period_end, max(credits) AS credits, sum(c.granted) AS granted,
                                 bool_and(c.granted IS NOT NULL) AS noted
                          FROM invoice JOIN api.invoice_claim c USING (invoice_id) GROUP BY 1, 2) c
                    LEFT JOIN api.paid_period e USING (subscription_id, period_end)
                    WHERE noted AND (e.credits, e.credits) IS DISTINCT FROM (c.credits, c.granted)"""),
            new Rule("pack_has_its_lot", ENTRIES + """
                    SELECT t.session_id AS subject,
                           format('its lot holds %s; it granted %s to %s', coalesce(l.granted, 0), t.credits, t.user_id)
                               AS detail
                    FROM api.top_up t
                    LEFT JOIN lot l ON l.user_id = t.user_id AND l.source_ref = 'session:' || t.session_id
                    WHERE t.user_id > :after AND t.user_id <= :upto AND l.granted IS DISTINCT FROM t.credits"""),
            new Rule("job_holds_what_it_costs", ENTRIES + """
                    SELECT j.id::text AS subject,
                           format('a %s job costs %s, and %s were held', j.status, j.credit_cost, coalesce(e.held, 0))
                               AS detail
                    FROM job j
                    LEFT JOIN (SELECT user_id, job_id, sum(amount) AS held FROM entry WHERE kind = 'hold'
                               GROUP BY 1, 2) e ON e.job_id = j.id AND e.user_id = j.sender
                    WHERE coalesce(e.held, 0) <> CASE WHEN j.shadow THEN 0 ELSE j.credit_cost END"""),
            new Rule("job_is_settled_as_it_was_held", ENTRIES + """
                    SELECT j.id::text AS subject,
                           format('a %s job, lot %s: %s held, %s captured, %s released', j.status, e.lot_id,
                                  coalesce(e.held, 0), coalesce(e.captured, 0), coalesce(e.released, 0)) AS detail
                    FROM job j
                    JOIN (SELECT user_id, job_id, lot_id, sum(amount) FILTER (WHERE kind = 'hold') AS held,
                                 sum(amount) FILTER (WHERE kind = 'capture') AS captured,
                                 sum(amount) FILTER (WHERE kind = 'release') AS released
                          FROM entry WHERE job_id IS NOT NULL GROUP BY 1, 2, 3) e
                        ON e.job_id = j.id AND e.user_id = j.sender
                    WHERE coalesce(e.captured, 0) <>
                          CASE WHEN j.status = 'verified' OR j.charged THEN coalesce(e.held, 0) ELSE 0 END
                       OR coalesce(e.released, 0) <>
                          CASE WHEN j.status IN ('rejected', 'cancelled') AND NOT j.charged THEN coalesce(e.held, 0)
                               ELSE 0 END"""),
            new Rule("credits_move_only_for_jobs_that_exist", ENTRIES + """
                    SELECT e.job_id::text AS subject, format('%s of %s by %s', e.kind, e.amount, e.user_id) AS detail
                    FROM entry e LEFT JOIN job j ON j.id = e.job_id AND j.sender = e.user_id
                    WHERE e.job_id IS NOT NULL AND j.id IS NULL"""),
            new Rule("held_is_what_open_jobs_cost", ENTRIES + """
                    SELECT a.user_id::text AS subject,
                           format('%s held, and open jobs for %s', a.held, coalesce(j.cost, 0)) AS detail
                    FROM account a
                    LEFT JOIN (SELECT sender AS user_id, sum(credit_cost) AS cost FROM job
                               WHERE NOT shadow AND status IN ('queued', 'accepted', 'submitted')
                               GROUP BY sender) j USING (user_id)
                    WHERE a.held <> coalesce(j.cost, 0)"""),
            new Rule("job_has_one_payout_of_what_it_owes", ENTRIES + """
                    SELECT id::text AS subject,
                           format('%s cents to %s, one of %s payouts of %s job %s, which owes %s to %s', amount_cents,
                                  payee, payouts, status, job_id, payout_cents, receiver) AS detail
                    FROM (SELECT j.status, j.shadow, j.payout_cents, j.receiver, p.id, p.job_id, p.amount_cents,
                                 p.receiver AS payee, count(*) OVER (PARTITION BY j.id) AS payouts
                          FROM job j JOIN api.payout p ON p.job_id = j.id) owed
                    WHERE status <> 'verified' OR shadow OR payouts > 1
                       OR (amount_cents, payee) IS DISTINCT FROM (payout_cents, receiver)"""),
            new Rule("verified_job_has_its_payout", ENTRIES + """
                    SELECT j.id::text AS subject, format('verified at %s, and no payout yet', j.updated_at) AS detail
                    FROM job j LEFT JOIN api.payout p ON p.job_id = j.id
                    WHERE j.status = 'verified' AND NOT j.shadow AND j.payout_cents > 0 AND p.id IS NULL
                      AND j.settled"""));
}
