-- What the gateway's proof compares with Stripe's lists, and the tier that an invoice was paid for.

-- Null: applied by an older version.
ALTER TABLE billing.claim ADD COLUMN tier text;

-- The proof goes through all users, some at a time.
CREATE INDEX invoice_user ON billing.invoice (user_id);
CREATE INDEX top_up_user ON billing.top_up (user_id);

-- The schema's name is hashed as in V1: whoever changes api does it alone.
SELECT pg_advisory_xact_lock(hashtext('api'));

CREATE OR REPLACE VIEW api.applied_invoice AS
    SELECT invoice_id, customer_id, user_id, event_id, granted, revenue_cents, applied_at, paid_cents, cash_cents
    FROM billing.invoice;

-- tier: of an older invoice, that of its period, if it claims all of it.
CREATE VIEW api.invoice_claim AS
    SELECT c.invoice_id, c.number, c.subscription_id, c.period_end, c.credits, c.granted,
           coalesce(c.tier, CASE WHEN e.credits = c.credits THEN e.tier END) AS tier
    FROM billing.claim AS c LEFT JOIN billing.entitlement AS e USING (subscription_id, period_end);

CREATE VIEW api.given_back AS
    SELECT subscription_id, period_end, cents FROM billing.given_back WHERE cents > 0;

CREATE VIEW api.paid_period AS
    SELECT subscription_id, period_end, tier, credits, revoked FROM billing.entitlement;

CREATE VIEW api.top_up AS
    SELECT session_id, user_id, pack, credits, paid_cents, revoked, applied_at FROM billing.top_up;

CREATE VIEW api.reversal AS
    SELECT payment_id, reversal_id, kind, amount_cents, taken, returned FROM billing.reversal;

-- away_cents: what has come back and stayed away, by the rule of class TakenBack.
CREATE VIEW api.payment AS
    SELECT p.payment_id, p.invoice_id, p.session_id, p.open, p.changed_at,
           r.away_cents + greatest(0, p.refunded_cents - r.told_cents) AS away_cents
    FROM billing.payment AS p CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount_cents) FILTER (WHERE taken AND NOT returned), 0)::bigint AS away_cents,
               coalesce(sum(amount_cents) FILTER (
                   WHERE kind = 'refund' AND (p.refunded_seconds = 0
                         OR p.refunded_seconds BETWEEN made_seconds AND returned_seconds)), 0)::bigint AS told_cents
        FROM billing.reversal WHERE payment_id = p.payment_id) AS r;

GRANT SELECT ON api.invoice_claim, api.given_back, api.paid_period, api.top_up, api.reversal, api.payment TO paymaster_gateway;
