-- What the gateway's proof compares: senders' cash, what payouts take of it, and who waits for it.

-- The proof goes through all senders, some at a time.
CREATE INDEX lot_cash_sender ON payouts.lot_cash (sender);
CREATE INDEX further_cash_sender ON payouts.further_cash (sender);
CREATE INDEX returned_cash_sender ON payouts.returned_cash (sender);

-- The schema's name is hashed as in V1: whoever changes api does it alone.
SELECT pg_advisory_xact_lock(hashtext('api'));

CREATE VIEW api.sender_cash AS
    SELECT sender, cash_cents, committed_cents FROM payouts.sender_cash;

CREATE VIEW api.counted_cash AS
    SELECT sender, revenue_cents, 0 AS returned_cents FROM payouts.lot_cash
    UNION ALL SELECT sender, revenue_cents, 0 FROM payouts.further_cash
    UNION ALL SELECT sender, 0, cents FROM payouts.returned_cash;

CREATE VIEW api.waiting_payout AS
    SELECT payout_id, sender, amount_cents, created_at FROM payouts.waiting;

-- For whose job a payout is; a batch has no sender of its own.
CREATE VIEW api.payout_sender AS
    SELECT id, sender FROM payouts.payout WHERE id <> job_id;

-- When funds were last known to be short.
CREATE VIEW api.funds_shortage AS
    SELECT at FROM payouts.shortage;

GRANT SELECT ON api.sender_cash, api.counted_cash, api.waiting_payout, api.payout_sender, api.funds_shortage TO paymaster_gateway;
