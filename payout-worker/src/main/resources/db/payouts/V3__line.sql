-- The line of payouts while funds are short, oldest first.
CREATE TABLE payouts.shortage (
    at timestamptz NOT NULL -- when funds were last known to be short; what was created before is paid one by one
);
CREATE UNIQUE INDEX shortage_one ON payouts.shortage ((true));
INSERT INTO payouts.shortage (at) VALUES ('-infinity');
GRANT SELECT, UPDATE ON payouts.shortage TO ${role};

CREATE INDEX payout_unfunded ON payouts.payout (created_at, id) WHERE status = 'held' AND reason = 'insufficient_funds';
CREATE INDEX payout_callable ON payouts.payout (created_at, id) WHERE status = 'due' AND step = 'call';
