-- What was paid for each period of an invoice: for the gateway's proof.

-- The schema's name is hashed as in V1: whoever changes api does it alone.
SELECT pg_advisory_xact_lock(hashtext('api'));

CREATE OR REPLACE VIEW api.invoice_claim AS
    SELECT c.invoice_id, c.number, c.subscription_id, c.period_end, c.credits, c.granted,
           coalesce(c.tier, CASE WHEN e.credits = c.credits THEN e.tier END) AS tier, c.above,
           coalesce(c.paid_cents, i.paid_cents) AS paid_cents
    FROM billing.claim AS c JOIN billing.invoice AS i USING (invoice_id)
    LEFT JOIN billing.entitlement AS e USING (subscription_id, period_end);
