-- What each sender's lots have brought in, and what payouts for that sender's jobs take of it.
CREATE TABLE payouts.sender_cash (
    sender          uuid   PRIMARY KEY,
    cash_cents      bigint NOT NULL DEFAULT 0 CHECK (cash_cents >= 0),
    -- of all payouts but those in the line; less what was taken back of them. It may be more than the cash: from before
    -- the cap was switched on, or because an administrator wanted it so
    committed_cents bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 80);

-- The lots that cash_cents counts, so that each counts once.
CREATE TABLE payouts.lot_cash (
    lot_id        uuid   PRIMARY KEY,
    sender        uuid   NOT NULL,
    revenue_cents bigint NOT NULL CHECK (revenue_cents > 0)
);

-- Each sender's line of payouts that are held as revenue_cap, oldest first. One that isn't here any more has been counted
-- in committed_cents, and its receiver's partition has been told.
CREATE TABLE payouts.waiting (
    payout_id    uuid        PRIMARY KEY,
    sender       uuid        NOT NULL,
    receiver     uuid        NOT NULL,
    amount_cents bigint      NOT NULL CHECK (amount_cents > 0),
    created_at   timestamptz NOT NULL
);
CREATE INDEX waiting_line ON payouts.waiting (sender, created_at, payout_id);

GRANT SELECT, INSERT, UPDATE ON payouts.sender_cash TO ${role};
GRANT SELECT, INSERT ON payouts.lot_cash TO ${role};
GRANT SELECT, INSERT, DELETE ON payouts.waiting TO ${role};

ALTER TABLE payouts.payout
    DROP CONSTRAINT payout_reason,
    DROP CONSTRAINT payout_state,
    ADD CONSTRAINT payout_reason CHECK (reason IN ('account_not_active', 'insufficient_funds', 'new_receiver', 'batched',
        'revenue_cap', 'refused', 'reversal_requested', 'reversal_refused')),
    ADD CONSTRAINT payout_state CHECK (CASE status
        WHEN 'due' THEN coalesce(step, '') IN ('call', 'lookup') AND reason IS NULL
        WHEN 'held' THEN coalesce(reason, '') IN
                ('account_not_active', 'insufficient_funds', 'new_receiver', 'batched', 'revenue_cap')
            AND coalesce(step, 'lookup') = 'lookup'
        WHEN 'failed' THEN coalesce(reason, '') = 'refused' AND step IS NULL
        WHEN 'paid' THEN CASE coalesce(step, '')
            WHEN '' THEN coalesce(reason, 'reversal_refused') = 'reversal_refused'
            WHEN 'reverse' THEN coalesce(reason, '') = 'reversal_requested'
            WHEN 'inspect' THEN coalesce(reason, '') IN ('reversal_requested', 'reversal_refused')
            ELSE false END
        ELSE step IS NULL AND reason IS NULL END);

-- The table is locked by now, so nothing is missed. A batch is only its jobs once more.
INSERT INTO payouts.sender_cash (sender, committed_cents)
SELECT sender, sum(amount_cents - reversed_cents) FROM payouts.payout WHERE id <> job_id GROUP BY sender;
