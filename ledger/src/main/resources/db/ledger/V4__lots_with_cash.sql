-- Lots with the cash that bought them, for reports of the gateway. Not for users: api.lot is what they see of their own.
-- The schema's name is hashed as in V1: whoever changes api does it alone.
SELECT pg_advisory_xact_lock(hashtext('api'));

CREATE VIEW api.lot_cash AS
    SELECT user_id, id, source, source_ref, granted, remaining, revenue_cents, period_start, expires_at, opened
    FROM ledger.lot;

GRANT SELECT ON api.lot_cash TO paymaster_gateway;
