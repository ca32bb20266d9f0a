package dev.paymaster.system.proof;

import java.util.List;

/** What was paid in has become credits, and what was worked for is owed, each once. */
final class MoneyRules {
    private MoneyRules() {}

    static final List<Rule> ALL = List.of(
            new Rule("an invoice's lots are its user's and make up what it granted", """
                    SELECT format('invoice %s granted %s, its lots hold %s', i.invoice_id, i.granted,
                                  coalesce(sum(l.granted), 0))
                    FROM billing.invoice i
                    LEFT JOIN ledger.lot l ON l.user_id = i.user_id
                                          AND split_part(l.source_ref, '/', 1) = 'invoice:' || i.invoice_id
                    GROUP BY i.invoice_id HAVING i.granted <> coalesce(sum(l.granted), 0)"""),
            new Rule("a lot that an invoice granted comes from an invoice that was applied", """
                    SELECT format('lot %s of %s', l.id, l.source_ref)
                    FROM ledger.lot l
                    LEFT JOIN billing.invoice i ON 'invoice:' || i.invoice_id = split_part(l.source_ref, '/', 1)
                    WHERE l.source = 'invoice' AND i.invoice_id IS NULL"""),
            // To less, whoever has gone up and down again.
            new Rule("a period entitles to its tier's credits, as often as that was bought", """
                    SELECT format('%s until %s: %s credits for %s', subscription_id, period_end, credits, tier)
                    FROM billing.entitlement
                    JOIN (VALUES ('starter', 50), ('pro', 150), ('team', 500)) AS sold (tier, whole) USING (tier)
                    WHERE credits <= 0 OR (credits > whole AND credits % whole <> 0)"""),
            new Rule("invoices have granted what periods entitle to", """
                    SELECT format('%s granted, %s entitled to', granted, entitled)
                    FROM (SELECT coalesce(sum(granted), 0) AS granted FROM billing.invoice) i,
                         (SELECT coalesce(sum(credits), 0) AS entitled FROM billing.entitlement) e
                    WHERE granted <> entitled"""),
            new Rule("what an invoice brought in is in its lots or told besides, and was paid", """
                    SELECT format('invoice %s brought in %s of %s paid, and %s are told', i.invoice_id, i.revenue_cents,
                                  i.cash_cents, coalesce(sum(c.revenue_cents), 0))
                    FROM billing.invoice i
                    LEFT JOIN (SELECT source_ref, revenue_cents FROM ledger.lot
                               UNION ALL SELECT source_ref, revenue_cents FROM api.further_cash) c
                        ON split_part(c.source_ref, '/', 1) = 'invoice:' || i.invoice_id
                    GROUP BY i.invoice_id
                    HAVING i.revenue_cents <> coalesce(sum(c.revenue_cents), 0)
                        OR (i.revenue_cents <= i.cash_cents) IS NOT TRUE"""),
            new Rule("a sender's cash is what the sender has paid and not got back, and each purchase counts", """
                    SELECT format('%s has %s cents by the sum, %s by purchases, and paid %s', sender, sum(cash), sum(counted),
                                  sum(paid))
                    FROM (SELECT sender, cash_cents AS cash, 0 AS counted, 0 AS paid FROM payouts.sender_cash
                          UNION ALL SELECT sender, 0, revenue_cents, 0 FROM payouts.lot_cash
                          UNION ALL SELECT sender, 0, revenue_cents, 0 FROM payouts.further_cash
                          UNION ALL SELECT sender, 0, -cents, 0 FROM payouts.returned_cash
                          UNION ALL SELECT user_id, 0, 0, revenue_cents FROM billing.invoice
                          UNION ALL SELECT user_id, 0, 0, paid_cents FROM billing.top_up
                          UNION ALL SELECT user_id, 0, 0, -cents FROM billing.cash_back) each
                    GROUP BY sender HAVING sum(cash) <> sum(counted) OR sum(cash) <> sum(paid)"""),
            new Rule("payouts take what they come to, less what came back, unless they wait in line", """
                    SELECT format('payouts for %s take %s, and come to %s', sender, sum(committed), sum(taken))
                    FROM (SELECT sender, committed_cents AS committed, 0 AS taken FROM payouts.sender_cash
                          UNION ALL
                          SELECT p.sender, 0, p.amount_cents - p.reversed_cents
                          FROM payouts.payout p LEFT JOIN payouts.waiting w ON w.payout_id = p.id
                          WHERE p.id <> p.job_id AND w.payout_id IS NULL) each
                    GROUP BY sender HAVING sum(committed) <> sum(taken)"""),
            new Rule("nobody waits for cash that is there", """
                    SELECT format('%s waits for %s, of %s cents %s are taken', w.payout_id, w.amount_cents, c.cash_cents,
                                  c.committed_cents)
                    FROM (SELECT DISTINCT ON (sender) * FROM payouts.waiting ORDER BY sender, created_at, payout_id) w
                    LEFT JOIN payouts.sender_cash c USING (sender)
                    WHERE (c.committed_cents + w.amount_cents > c.cash_cents) IS NOT TRUE"""),
            new Rule("a job has at most one payout", """
                    SELECT format('job %s has %s', job_id, count(*))
                    FROM payouts.payout GROUP BY job_id HAVING count(*) > 1"""),
            new Rule("a payout is what a verified job owes its receiver", """
                    SELECT format('payout %s of %s cents for %s job %s', p.id, p.amount_cents,
                                  coalesce(j.status, 'unknown'), p.job_id)
                    FROM payouts.payout p LEFT JOIN jobs.job j ON j.id = p.job_id
                    WHERE p.id <> p.job_id
                      AND (j.id IS NULL OR j.status <> 'verified' OR j.shadow
                       OR (p.amount_cents, p.receiver, p.sender) IS DISTINCT FROM (j.payout_cents, j.receiver, j.sender))"""),
            new Rule("a batch is what its jobs' payouts come to, and is paid with them", """
                    SELECT format('batch %s of %s jobs and %s cents, %s, has %s payouts of %s cents', b.id, b.jobs,
                                  b.amount_cents, b.status, count(p.id), coalesce(sum(p.amount_cents), 0))
                    FROM payouts.payout b LEFT JOIN payouts.payout p ON p.batch_id = b.id
                    WHERE b.id = b.job_id
                    GROUP BY b.id
                    HAVING (b.jobs, b.amount_cents) IS DISTINCT FROM (count(p.id), sum(p.amount_cents))
                        OR NOT bool_and((p.receiver = b.receiver AND (p.status = 'paid') = (b.status = 'paid')) IS TRUE)"""),
            new Rule("a payout that waits for a batch has one", """
                    SELECT format('payout %s waits for %s', p.id, coalesce(p.batch_id::text, 'none'))
                    FROM payouts.payout p
                    LEFT JOIN payouts.payout b ON b.id = p.batch_id AND b.id = b.job_id
                    WHERE (p.batch_id IS NOT NULL OR p.reason = 'batched') AND b.id IS NULL"""),
            // Whose an account is, the gateway knows; of one that was replaced, what Stripe told is left.
            new Rule("a payout goes to an account of its receiver", """
                    SELECT format('payout %s for %s went to %s', p.id, p.receiver, coalesce(p.account_id, 'nobody'))
                    FROM payouts.payout p
                    LEFT JOIN identity.connected_account a USING (account_id)
                    LEFT JOIN payouts.holder h ON h.id = p.account_id
                    WHERE p.status = 'paid' AND p.batch_id IS NULL
                      AND coalesce(a.user_id, h.user_id) IS DISTINCT FROM p.receiver"""),
            new Rule("a verified job has its payout", """
                    SELECT format('job %s', j.id)
                    FROM jobs.job j LEFT JOIN payouts.payout p ON p.job_id = j.id
                    WHERE j.status = 'verified' AND NOT j.shadow AND j.payout_cents > 0 AND p.id IS NULL"""));
}
