-- Transfers that were taken back, by Stripe's side or by an administrator, and payouts that are made once more.
ALTER TABLE payouts.payout
    ADD COLUMN reversed_cents bigint  NOT NULL DEFAULT 0,    -- of the transfer in transfer_id
    ADD COLUMN recalls        integer NOT NULL DEFAULT 0 CHECK (recalls >= 0), -- keys of reversals: reversal:<id>:<recalls>
    ADD COLUMN taken_back     text[]  NOT NULL DEFAULT '{}', -- earlier transfers, each wholly taken back
    DROP CONSTRAINT payout_reason_check,
    DROP CONSTRAINT payout_step_check,
    DROP CONSTRAINT payout_check3,  -- a destination goes with a used key; now it stays when a reversal's key begins
    DROP CONSTRAINT payout_check4,  -- what goes with which status
    ADD CONSTRAINT payout_reason CHECK (reason IN
        ('account_not_active', 'insufficient_funds', 'refused', 'reversal_requested', 'reversal_refused')),
    ADD CONSTRAINT payout_step CHECK (step IN ('call', 'lookup', 'reverse', 'inspect')),
    ADD CONSTRAINT payout_destination CHECK (first_used_at IS NULL OR account_id IS NOT NULL),
    ADD CONSTRAINT payout_reversed CHECK (reversed_cents BETWEEN 0 AND CASE status
        WHEN 'paid' THEN amount_cents - 1 WHEN 'reversed' THEN amount_cents ELSE 0 END),
    ADD CONSTRAINT payout_state CHECK (CASE status
        WHEN 'due' THEN coalesce(step, '') IN ('call', 'lookup') AND reason IS NULL
        WHEN 'held' THEN coalesce(reason, '') IN ('account_not_active', 'insufficient_funds')
            AND coalesce(step, 'lookup') = 'lookup'
        WHEN 'failed' THEN coalesce(reason, '') = 'refused' AND step IS NULL
        WHEN 'paid' THEN CASE coalesce(step, '')
            WHEN '' THEN coalesce(reason, 'reversal_refused') = 'reversal_refused'
            WHEN 'reverse' THEN coalesce(reason, '') = 'reversal_requested'
            WHEN 'inspect' THEN coalesce(reason, '') IN ('reversal_requested', 'reversal_refused')
            ELSE false END
        ELSE step IS NULL AND reason IS NULL END);

ALTER TABLE payouts.attempt
    DROP CONSTRAINT attempt_outcome_check,
    ADD CONSTRAINT attempt_outcome CHECK (outcome IN
        ('paid', 'unknown', 'not_yet', 'absent', 'insufficient_funds', 'not_payable', 'refused',
         'reversed', 'partly_reversed', 'not_reversed'));

CREATE OR REPLACE VIEW api.payout AS
    SELECT id, job_id, receiver, amount_cents, status, reason, detail, attempt, next_attempt_at, account_id,
           transfer_id, created_at, updated_at, nullif(reversed_cents, 0) AS reversed_cents
    FROM payouts.payout;
