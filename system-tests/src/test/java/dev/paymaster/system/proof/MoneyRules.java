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
            new Rule("a period entitles to its tier's credits, as often as that was bought", """
                    SELECT format('%s until %s: %s credits for %s', subscription_id, period_end, credits, tier)
                    FROM billing.entitlement
                    WHERE credits <= 0
                       OR credits % CASE tier WHEN 'starter' THEN 50 WHEN 'pro' THEN 150 WHEN 'team' THEN 500 END <> 0"""),
            new Rule("invoices have granted what periods entitle to", """
                    SELECT format('%s granted, %s entitled to', granted, entitled)
                    FROM (SELECT coalesce(sum(granted), 0) AS granted FROM billing.invoice) i,
                         (SELECT coalesce(sum(credits), 0) AS entitled FROM billing.entitlement) e
                    WHERE granted <> entitled"""),
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
            new Rule("a verified job has its payout", """
                    SELECT format('job %s', j.id)
                    FROM jobs.job j LEFT JOIN payouts.payout p ON p.job_id = j.id
                    WHERE j.status = 'verified' AND NOT j.shadow AND j.payout_cents > 0 AND p.id IS NULL"""));
}
