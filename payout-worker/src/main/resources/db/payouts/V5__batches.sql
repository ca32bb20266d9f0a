-- Several jobs of one receiver, paid by one transfer: a batch is a payout whose job is itself.
ALTER TABLE payouts.payout
    ADD COLUMN batch_id uuid,                     -- the payout that this one is made with; a job is in one batch at most
    ADD COLUMN jobs     integer NOT NULL DEFAULT 1 CHECK (jobs > 0), -- of a batch, for which id = job_id: its jobs
    DROP CONSTRAINT payout_transfer_id_key,
    DROP CONSTRAINT payout_reason,
    DROP CONSTRAINT payout_state,
    ADD CONSTRAINT payout_reason CHECK (reason IN ('account_not_active', 'insufficient_funds', 'new_receiver', 'batched', 'refused',
        'reversal_requested', 'reversal_refused')),
    ADD CONSTRAINT payout_state CHECK (CASE status
        WHEN 'due' THEN coalesce(step, '') IN ('call', 'lookup') AND reason IS NULL
        WHEN 'held' THEN coalesce(reason, '') IN ('account_not_active', 'insufficient_funds', 'new_receiver', 'batched')
            AND coalesce(step, 'lookup') = 'lookup'
        WHEN 'failed' THEN coalesce(reason, '') = 'refused' AND step IS NULL
        WHEN 'paid' THEN CASE coalesce(step, '')
            WHEN '' THEN coalesce(reason, 'reversal_refused') = 'reversal_refused'
            WHEN 'reverse' THEN coalesce(reason, '') = 'reversal_requested'
            WHEN 'inspect' THEN coalesce(reason, '') IN ('reversal_requested', 'reversal_refused')
            ELSE false END
        ELSE step IS NULL AND reason IS NULL END);

-- Of those that are made by themselves or are batches, each has its own transfer.
CREATE UNIQUE INDEX payout_transfer ON payouts.payout (transfer_id) WHERE batch_id IS NULL;
CREATE INDEX payout_batch ON payouts.payout (batch_id) WHERE batch_id IS NOT NULL;

CREATE OR REPLACE VIEW api.payout AS
    SELECT id, job_id, receiver, amount_cents, status, reason, detail, attempt, next_attempt_at, account_id,
           transfer_id, created_at, updated_at, nullif(reversed_cents, 0) AS reversed_cents,
           CASE WHEN reason = 'new_receiver' THEN next_attempt_at END AS release_at,
           batch_id, CASE WHEN id = job_id THEN jobs END AS jobs
    FROM payouts.payout;
