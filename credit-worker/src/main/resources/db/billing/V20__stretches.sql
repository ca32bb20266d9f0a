-- An invoice for an upgrade pays for what the higher tier has above the lower one, and not for the lower one.

-- Which credits of the period another invoice is to pay for: the claim is to those from above up to credits.
ALTER TABLE billing.claim ADD COLUMN above bigint NOT NULL DEFAULT 0 CHECK (above BETWEEN 0 AND credits);

-- The schema's name is hashed as in V1: whoever changes api does it alone.
SELECT pg_advisory_xact_lock(hashtext('api'));

CREATE OR REPLACE VIEW api.invoice_claim AS
    SELECT c.invoice_id, c.number, c.subscription_id, c.period_end, c.credits, c.granted,
           coalesce(c.tier, CASE WHEN e.credits = c.credits THEN e.tier END) AS tier, c.above
    FROM billing.claim AS c LEFT JOIN billing.entitlement AS e USING (subscription_id, period_end);
