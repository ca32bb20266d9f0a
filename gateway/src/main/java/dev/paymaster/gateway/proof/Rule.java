package dev.paymaster.gateway.proof;

import java.util.List;

/**
 * Something that holds of the users or the payouts in a range, at any moment.
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
                SELECT t.user_id, t.sequence, t.kind, t.amount, t.lot_id, t.job_id, t.ref,
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
                SELECT id, sender, receiver, status, shadow, credit_cost, payout_cents, updated_at, charged, deadline_at,
                       updated_at NOT BETWEEN now() - make_interval(secs => :grace)
                                          AND now() + make_interval(secs => :grace) AS settled
                FROM api.job WHERE sender > :after AND sender <= :upto)
            """;

    /**
     * Jobs, and what was moved for them. Put side by side and added up rather than joined: the planner takes a range of ids for a
     * single row, and may compare each row of a piece with every other one.
     */
    private static final String JOBS = ENTRIES + """
            , part AS (
                SELECT sender AS user_id, id, NULL::uuid AS lot_id, status, charged,
                       CASE WHEN shadow THEN 0 ELSE credit_cost END AS cost, 0 AS held, 0 AS captured, 0 AS released
                FROM job
                UNION ALL
                SELECT user_id, job_id, lot_id, NULL, NULL, 0, CASE kind WHEN 'hold' THEN amount ELSE 0 END,
                       CASE kind WHEN 'capture' THEN amount ELSE 0 END, CASE kind WHEN 'release' THEN amount ELSE 0 END
                FROM entry WHERE job_id IS NOT NULL)
            """;

    /** What is late by so much is late for no reason that passes by itself. */
    private static final String LONG_AGO = " now() - interval '6 hours'";

    static final List<Rule> OF_USERS = List.of(
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
                    FULL JOIN (SELECT user_id, lot_id, sum(available) AS remaining,
                                      sum(amount) FILTER (WHERE kind = 'grant') AS granted,
                                      min(sequence) FILTER (WHERE kind = 'grant') AS opened
                               FROM entry WHERE lot_id IS NOT NULL GROUP BY user_id, lot_id) e
                        ON (e.user_id, e.lot_id) = (l.user_id, l.id)
                    WHERE (l.remaining, l.granted, l.opened) IS DISTINCT FROM
                          (coalesce(e.remaining, 0), e.granted, e.opened)"""),
            new Rule("available_is_what_remains_in_lots", ENTRIES + """
                    SELECT user_id::text AS subject,
                           format('%s available, %s in lots', sum(available), sum(remaining)) AS detail
                    FROM (SELECT user_id, available, 0 AS remaining FROM account
                          UNION ALL
                          SELECT user_id, 0, remaining FROM lot) each
                    GROUP BY user_id HAVING sum(available) <> sum(remaining)"""),
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
                    FROM (SELECT *, (SELECT coalesce(sum(upper(piece) - lower(piece)), 0) FROM unnest(paid_for) piece)
                                        AS credits
                          FROM (SELECT subscription_id, period_end, range_agg(int8range(above, credits)) AS paid_for,
                                       sum(c.granted) AS granted, bool_and(c.granted IS NOT NULL) AS noted
                                FROM invoice JOIN api.invoice_claim c USING (invoice_id) GROUP BY 1, 2) c) c
                    LEFT JOIN api.paid_period e USING (subscription_id, period_end)
                    WHERE noted AND (coalesce(e.credits, 0), coalesce(e.credits, 0)) <> (c.credits, c.granted)"""),
            new Rule("pack_has_its_lot", ENTRIES + """
                    SELECT coalesce(t.session_id, l.session_id) AS subject,
                           format('its lot holds %s for %s; it granted %s to %s', coalesce(l.granted, 0), l.user_id,
                                  coalesce(t.credits, 0), t.user_id) AS detail
                    FROM (SELECT user_id, substr(source_ref, length('session:') + 1) AS session_id, granted
                          FROM lot WHERE source = 'topup') l
                    FULL JOIN (SELECT * FROM api.top_up WHERE user_id > :after AND user_id <= :upto) t
                        ON (t.user_id, t.session_id) = (l.user_id, l.session_id)
                    WHERE l.granted IS DISTINCT FROM t.credits"""),
            new Rule("credits_are_taken_back_from_the_account", ENTRIES + """
                    SELECT coalesce(b.user_id, e.user_id)::text AS subject,
                           format('%s credits are taken back of purchases, and %s by transfers', coalesce(b.credits, 0),
                                  coalesce(e.credits, 0)) AS detail
                    FROM (SELECT user_id, sum(credits) AS credits FROM api.taken_back
                          WHERE user_id > :after AND user_id <= :upto GROUP BY user_id) b
                    FULL JOIN (SELECT user_id, sum(CASE kind WHEN 'revoke' THEN amount ELSE -amount END) AS credits
                               FROM entry WHERE kind IN ('revoke', 'reinstate') AND ref LIKE 'reversal:%'
                               GROUP BY user_id) e USING (user_id)
                    WHERE coalesce(b.credits, 0) <> coalesce(e.credits, 0)"""),
            new Rule("job_holds_what_it_costs", JOBS + """
                    SELECT id::text AS subject,
                           format('a %s job costs %s, and %s were held', max(status), sum(cost), sum(held)) AS detail
                    FROM part GROUP BY user_id, id HAVING count(status) > 0 AND sum(held) <> sum(cost)"""),
            new Rule("job_is_settled_as_it_was_held", JOBS + """
                    SELECT id::text AS subject,
                           format('a %s job, lot %s: %s held, %s captured, %s released', status, lot_id, held, captured,
                                  released) AS detail
                    FROM (SELECT id, lot_id, sum(held) AS held, sum(captured) AS captured, sum(released) AS released,
                                 max(max(status)) OVER of_job AS status, bool_or(bool_or(charged)) OVER of_job AS charged
                          FROM part GROUP BY user_id, id, lot_id WINDOW of_job AS (PARTITION BY user_id, id)) settled
                    WHERE lot_id IS NOT NULL AND status IS NOT NULL
                      AND (captured <> CASE WHEN status = 'verified' OR charged THEN held ELSE 0 END
                           OR released <> CASE WHEN status IN ('rejected', 'cancelled') AND NOT charged THEN held
                                               ELSE 0 END)"""),
            new Rule("credits_move_only_for_jobs_that_exist", JOBS + """
                    SELECT id::text AS subject,
                           format('%s held, %s captured and %s released by %s', sum(held), sum(captured), sum(released),
                                  user_id) AS detail
                    FROM part GROUP BY user_id, id HAVING count(status) = 0"""),
            new Rule("held_is_what_open_jobs_cost", ENTRIES + """
                    SELECT user_id::text AS subject, format('%s held, and open jobs for %s', sum(held), sum(cost)) AS detail
                    FROM (SELECT user_id, held, 0 AS cost FROM account
                          UNION ALL
                          SELECT sender, 0, credit_cost FROM job
                          WHERE NOT shadow AND status IN ('queued', 'accepted', 'submitted')) each
                    GROUP BY user_id HAVING sum(held) <> sum(cost)"""),
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
                      AND j.settled"""),
            // A queued or a submitted job may be meant to wait on.
            new Rule("accepted_job_goes_on_in_time", ENTRIES + """
                    SELECT id::text AS subject,
                           format('accepted, and its deadline was at %s', deadline_at) AS detail
                    FROM job WHERE status = 'accepted' AND deadline_at <""" + LONG_AGO),
            // Payout-worker hears of what was paid later than it is granted, and never sooner; what came back
            // changes later still.
            new Rule("cash_is_what_was_paid", """
                    SELECT sender::text AS subject,
                           format('%s cents by the sum; %s by the purchases counted, of which %s came back; paid %s, of which %s came back',
                                  sum(cash), sum(counted), sum(returned), sum(paid), sum(back)) AS detail
                    FROM (SELECT sender, cash_cents AS cash, 0 AS counted, 0 AS returned, 0 AS paid, 0 AS settled, 0 AS back,
                                 false AS changing
                          FROM api.sender_cash WHERE sender > :after AND sender <= :upto
                          UNION ALL
                          SELECT sender, 0, revenue_cents, returned_cents, 0, 0, 0, false
                          FROM api.counted_cash WHERE sender > :after AND sender <= :upto
                          UNION ALL
                          SELECT user_id, 0, 0, 0, cents,
                                 CASE WHEN applied_at BETWEEN now() - make_interval(secs => :grace)
                                                          AND now() + make_interval(secs => :grace) THEN 0 ELSE cents END,
                                 0, false
                          FROM (SELECT user_id, revenue_cents AS cents, applied_at FROM api.applied_invoice
                                UNION ALL
                                SELECT user_id, paid_cents, applied_at FROM api.top_up) purchase
                          WHERE user_id > :after AND user_id <= :upto
                          UNION ALL
                          SELECT user_id, 0, 0, 0, 0, 0, cents, changed_at BETWEEN now() - make_interval(secs => :grace)
                                                                               AND now() + make_interval(secs => :grace)
                          FROM api.cash_back WHERE user_id > :after AND user_id <= :upto) each
                    GROUP BY sender
                    HAVING sum(cash) <> sum(counted) - sum(returned)
                        OR sum(counted) NOT BETWEEN sum(settled) AND sum(paid)
                        OR (sum(returned) <> sum(back) AND NOT bool_or(changing))"""),
            new Rule("payouts_take_what_they_come_to", ENTRIES + """
                    SELECT sender::text AS subject,
                           format('%s cents are taken, and payouts come to %s', sum(taken), sum(due)) AS detail
                    FROM (SELECT sender, committed_cents AS taken, 0 AS due
                          FROM api.sender_cash WHERE sender > :after AND sender <= :upto
                          UNION ALL
                          SELECT j.sender, 0, p.amount_cents - coalesce(p.reversed_cents, 0)
                          FROM job j JOIN api.payout p ON p.job_id = j.id
                          LEFT JOIN api.waiting_payout w ON w.payout_id = p.id
                          WHERE w.payout_id IS NULL) each
                    GROUP BY sender HAVING sum(taken) <> sum(due)"""),
            new Rule("nobody_waits_for_cash_that_is_there", """
                    SELECT w.payout_id::text AS subject,
                           format('waits for %s cents; of %s %s are taken', w.amount_cents, c.cash_cents,
                                  c.committed_cents) AS detail
                    FROM (SELECT DISTINCT ON (sender) * FROM api.waiting_payout
                          WHERE sender > :after AND sender <= :upto ORDER BY sender, created_at, payout_id) w
                    LEFT JOIN api.sender_cash c USING (sender)
                    WHERE (c.committed_cents + w.amount_cents > c.cash_cents) IS NOT TRUE"""));

    static final List<Rule> OF_PAYOUTS = List.of(
            new Rule("payout_is_for_a_job", """
                    SELECT p.id::text AS subject,
                           format('%s cents to %s for job %s of %s; %s', p.amount_cents, p.receiver, p.job_id, s.sender,
                                  coalesce('the job is of ' || j.sender, 'there is no such job')) AS detail
                    FROM api.payout p JOIN api.payout_sender s USING (id) LEFT JOIN api.job j ON j.id = p.job_id
                    WHERE p.id > :after AND p.id <= :upto AND j.sender IS DISTINCT FROM s.sender"""),
            new Rule("batch_is_what_its_jobs_come_to", """
                    SELECT b.id::text AS subject,
                           format('%s jobs and %s cents to %s, %s; of its %s payouts of %s cents, %s are to others, %s paid',
                                  b.jobs, b.amount_cents, b.receiver, b.status, m.jobs, m.cents, m.strangers, m.paid)
                               AS detail
                    FROM api.payout b CROSS JOIN LATERAL (
                        SELECT count(*) AS jobs, coalesce(sum(amount_cents), 0) AS cents,
                               count(*) FILTER (WHERE receiver <> b.receiver) AS strangers,
                               count(*) FILTER (WHERE status = 'paid') AS paid
                        FROM api.payout WHERE batch_id = b.id) m
                    WHERE b.id > :after AND b.id <= :upto AND b.jobs IS NOT NULL
                      AND (b.jobs, b.amount_cents, 0, CASE b.status WHEN 'paid' THEN b.jobs ELSE 0 END) IS DISTINCT FROM
                          (m.jobs, m.cents, m.strangers, m.paid)"""),
            new Rule("batch_of_a_payout_is_there", """
                    SELECT p.id::text AS subject, format('is made by %s, which is no batch', p.batch_id) AS detail
                    FROM api.payout p LEFT JOIN api.payout b ON b.id = p.batch_id
                    WHERE p.id > :after AND p.id <= :upto AND p.batch_id IS NOT NULL AND b.jobs IS NULL"""),
            new Rule("payout_that_waits_for_cash_is_in_line", """
                    SELECT p.id::text AS subject,
                           format('waits for its sender''s cash since %s, and is in no line', p.updated_at) AS detail
                    FROM api.payout p LEFT JOIN api.waiting_payout w ON w.payout_id = p.id
                    WHERE p.id > :after AND p.id <= :upto AND p.status = 'held' AND p.reason = 'revenue_cap'
                      AND w.payout_id IS NULL
                      AND p.updated_at NOT BETWEEN now() - make_interval(secs => :grace)
                                               AND now() + make_interval(secs => :grace)"""),
            // While funds are short, and until who has waited for them is paid, payouts stand in line.
            new Rule("payout_is_tried_when_it_is_due", """
                    SELECT p.id::text AS subject,
                           format('%s, and was to be tried at %s', p.status, p.next_attempt_at) AS detail
                    FROM api.payout p
                    WHERE p.id > :after AND p.id <= :upto
                      AND greatest(p.created_at, p.next_attempt_at) > ALL (SELECT at FROM api.funds_shortage WHERE at <= now())
                      AND NOT EXISTS (SELECT FROM api.payout WHERE status = 'held' AND reason = 'insufficient_funds')
                      AND p.next_attempt_at <""" + LONG_AGO),
            // Stripe is asked every few minutes. After a longer pause, as for an account, asking has begun anew.
            new Rule("payout_gets_an_answer", """
                    SELECT p.id::text AS subject,
                           format('%s, and what Stripe answers has told nothing since %s', p.status, a.since) AS detail
                    FROM api.payout p
                    CROSS JOIN LATERAL (
                        SELECT min(at) AS since FROM api.payout_attempt
                        WHERE payout_id = p.id AND number > (
                            SELECT coalesce(max(number), 0)
                            FROM (SELECT number, outcome, lead(at, 1, now()) OVER (ORDER BY number) - at AS pause
                                  FROM api.payout_attempt WHERE payout_id = p.id) told
                            WHERE outcome NOT IN ('unknown', 'not_yet', 'absent') OR pause > interval '2 hours')) a
                    WHERE p.id > :after AND p.id <= :upto AND p.status IN ('due', 'held') AND p.next_attempt_at IS NOT NULL
                      AND a.since <""" + LONG_AGO));

    /** Whether it takes {@code :grace}. */
    boolean waits() {
        return sql.contains(":grace");
    }
}
