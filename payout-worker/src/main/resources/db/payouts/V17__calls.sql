-- When Stripe was called, and how often: of lines from before, nobody knows. A call that tells of a transfer that is known
-- is a call, too.

-- The schema's name is hashed as in V1: whoever changes api does it alone. First, as long as nobody waits for the table.
SELECT pg_advisory_xact_lock(hashtext('api'));

ALTER TABLE payouts.attempt
    ADD COLUMN called_at  timestamptz,                 -- the first of them, by the caller's clock
    ADD COLUMN calls      integer CHECK (calls > 0),   -- absent: one at most
    ADD COLUMN command_id text,                        -- of the outcome, which may be told repeatedly
    DROP CONSTRAINT attempt_check,
    ADD CONSTRAINT attempt_transfer CHECK (transfer_id IS NULL OR outcome = 'paid');

CREATE OR REPLACE VIEW api.payout_attempt AS
    SELECT payout_id, number, key, at, outcome, detail, transfer_id, next_step, called_at, calls FROM payouts.attempt;
