-- What came of each claim: the credits that it was granted, which are in a lot of its own, and the cash that it brought in. A claim
-- to what others had granted before has no lot, but its cash counts all the same. Null: applied by an older version.
ALTER TABLE billing.claim
    ADD COLUMN granted       bigint CHECK (granted >= 0),
    ADD COLUMN revenue_cents bigint CHECK (revenue_cents >= 0);

-- Cash that is in no lot, for reports of the gateway, with the oldest lot of the same period, whose credits it has paid for, too. Of
-- invoices that an older version applied, those that granted nothing at all.
-- The schema's name is hashed as in V1: whoever changes api does it alone.
SELECT pg_advisory_xact_lock(hashtext('api'));

CREATE VIEW api.further_cash AS
    WITH claim AS NOT MATERIALIZED (
        SELECT c.invoice_id, c.number, c.subscription_id, c.period_end, i.user_id, i.applied_at,
               'invoice:' || c.invoice_id || CASE c.number WHEN 1 THEN '' ELSE '/' || c.number END AS source_ref,
               coalesce(c.granted, i.granted) AS granted,
               coalesce(c.revenue_cents, CASE c.number WHEN 1 THEN i.revenue_cents ELSE 0 END) AS revenue_cents
        FROM billing.claim AS c JOIN billing.invoice AS i USING (invoice_id))
    SELECT f.user_id, f.source_ref, f.revenue_cents,
           (SELECT o.source_ref FROM claim AS o
            WHERE o.subscription_id = f.subscription_id AND o.period_end = f.period_end AND o.granted > 0
            ORDER BY o.applied_at, o.invoice_id, o.number LIMIT 1) AS lot_ref
    FROM claim AS f WHERE f.granted = 0 AND f.revenue_cents > 0;

GRANT SELECT ON api.further_cash TO paymaster_gateway;
