-- Of a job in a batch: the account that the batch is paid to, and (back_cents) its share of what was taken back of the batch.
-- Shares come to the whole, to the cent; reversed_cents stays that of the row itself, which is what counts against its sender's cash.
CREATE OR REPLACE VIEW api.payout AS
    SELECT p.id, p.job_id, p.receiver, p.amount_cents, p.status, p.reason, p.detail, p.attempt, p.next_attempt_at,
           coalesce(b.account_id, p.account_id) AS account_id,
           p.transfer_id, p.created_at, p.updated_at, nullif(p.reversed_cents, 0) AS reversed_cents,
           CASE WHEN p.reason = 'new_receiver' THEN p.next_attempt_at END AS release_at,
           p.batch_id, CASE WHEN p.id = p.job_id THEN p.jobs END AS jobs,
           coalesce(CASE WHEN p.id = p.job_id
               THEN (SELECT true FROM payouts.payout m
                     JOIN payouts.same_instrument s ON s.one = m.sender AND s.other = m.receiver
                     WHERE m.batch_id = p.id LIMIT 1)
               ELSE (SELECT true FROM payouts.same_instrument s WHERE s.one = p.sender AND s.other = p.receiver LIMIT 1)
               END, false) AS shared_fingerprint,
           CASE WHEN p.batch_id IS NULL THEN p.taken_back ELSE b.taken_back END AS taken_back,
           nullif(CASE WHEN p.status = 'paid' AND b.reversed_cents > 0
               THEN (SELECT b.reversed_cents * m.upto / b.amount_cents
                            - b.reversed_cents * (m.upto - p.amount_cents) / b.amount_cents
                     FROM (SELECT sum(amount_cents)::bigint AS upto FROM payouts.payout
                           WHERE batch_id = b.id AND job_id <= p.job_id) m)
               ELSE p.reversed_cents END, 0) AS back_cents
    FROM payouts.payout p LEFT JOIN payouts.payout b ON b.id = p.batch_id;
