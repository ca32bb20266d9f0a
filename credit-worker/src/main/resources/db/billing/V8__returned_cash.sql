-- Of what was paid for credits, what has come back and stayed away, for reports of the gateway: by the rule of class TakenBack,
-- and never more than was paid. A purchase of which nothing ever came back has no row. source_ref is that of a purchase's
-- first lot; further ones of the same invoice are numbered after it, "invoice:in_…/2".
-- The schema's name is hashed as in V1: whoever changes api does it alone.
SELECT pg_advisory_xact_lock(hashtext('api'));

CREATE VIEW api.returned_cash AS
    WITH payment AS (
        SELECT p.payment_id, p.invoice_id, p.session_id,
               coalesce(sum(r.amount_cents) FILTER (WHERE r.taken AND NOT r.returned), 0)
               + greatest(0, p.refunded_cents - coalesce(sum(r.amount_cents) FILTER (
                     WHERE r.kind = 'refund'
                       AND (p.refunded_seconds = 0
                            OR p.refunded_seconds BETWEEN r.made_seconds AND r.returned_seconds)), 0)) AS away_cents
        FROM billing.payment AS p LEFT JOIN billing.reversal AS r USING (payment_id)
        WHERE p.refunded_cents > 0 OR r.payment_id IS NOT NULL
        GROUP BY p.payment_id)
    SELECT 'invoice:' || i.invoice_id AS source_ref, i.paid_cents,
           least(sum(p.away_cents), i.paid_cents)::bigint AS returned_cents
    FROM payment AS p JOIN billing.invoice AS i USING (invoice_id) GROUP BY i.invoice_id
    UNION ALL
    SELECT 'session:' || t.session_id, t.paid_cents, least(sum(p.away_cents), t.paid_cents)::bigint
    FROM payment AS p JOIN billing.top_up AS t USING (session_id) GROUP BY t.session_id;

GRANT SELECT ON api.returned_cash TO paymaster_gateway;
