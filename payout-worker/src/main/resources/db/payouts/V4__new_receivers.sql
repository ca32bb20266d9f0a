-- Since when a receiver can be paid; who could be before this was written down isn't new.
ALTER TABLE payouts.account ADD COLUMN payable_since timestamptz;
UPDATE payouts.account SET payable_since = 'epoch' WHERE transfers = 'active';

ALTER TABLE payouts.payout
    DROP CONSTRAINT payout_reason,
    DROP CONSTRAINT payout_state,
    ADD CONSTRAINT payout_reason CHECK (reason IN ('account_not_active', 'insufficient_funds', 'new_receiver', 'refused',
        'reversal_requested', 'reversal_refused')),
    ADD CONSTRAINT payout_state CHECK (CASE status
        WHEN 'due' THEN coalesce(step, '') IN ('call', 'lookup') AND reason IS NULL
        WHEN 'held' THEN coalesce(reason, '') IN ('account_not_active', 'insufficient_funds', 'new_receiver')
            AND coalesce(step, 'lookup') = 'lookup'
        WHEN 'failed' THEN coalesce(reason, '') = 'refused' AND step IS NULL
        WHEN 'paid' THEN CASE coalesce(step, '')
            WHEN '' THEN coalesce(reason, 'reversal_refused') = 'reversal_refused'
            WHEN 'reverse' THEN coalesce(reason, '') = 'reversal_requested'
            WHEN 'inspect' THEN coalesce(reason, '') IN ('reversal_requested', 'reversal_refused')
            ELSE false END
        ELSE step IS NULL AND reason IS NULL END);

CREATE OR REPLACE VIEW api.payout AS
    SELECT id, job_id, receiver, amount_cents, status, reason, detail, attempt, next_attempt_at, account_id,
           transfer_id, created_at, updated_at, nullif(reversed_cents, 0) AS reversed_cents,
           CASE WHEN reason = 'new_receiver' THEN next_attempt_at END AS release_at
    FROM payouts.payout;
