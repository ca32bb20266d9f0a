-- taken_back: transfers that were made before and wholly taken back, oldest first; of a job in a batch, those of the batch.
CREATE OR REPLACE VIEW api.payout AS
    SELECT id, job_id, receiver, amount_cents, status, reason, detail, attempt, next_attempt_at, account_id,
           transfer_id, created_at, updated_at, nullif(reversed_cents, 0) AS reversed_cents,
           CASE WHEN reason = 'new_receiver' THEN next_attempt_at END AS release_at,
           batch_id, CASE WHEN id = job_id THEN jobs END AS jobs,
           coalesce(CASE WHEN id = job_id
               THEN (SELECT true FROM payouts.payout m
                     JOIN payouts.same_instrument s ON s.one = m.sender AND s.other = m.receiver
                     WHERE m.batch_id = p.id LIMIT 1)
               ELSE (SELECT true FROM payouts.same_instrument s WHERE s.one = p.sender AND s.other = p.receiver LIMIT 1)
               END, false) AS shared_fingerprint,
           CASE WHEN batch_id IS NULL THEN taken_back
               ELSE (SELECT b.taken_back FROM payouts.payout b WHERE b.id = p.batch_id) END AS taken_back
    FROM payouts.payout p;
