-- What of a credit note was given back outside of Stripe: cash, unlike what pays into the customer's balance. Of notes that an
-- older version recorded, all counts as balance until they are told again.
ALTER TABLE billing.reversal ADD COLUMN outside_cents bigint NOT NULL DEFAULT 0 CHECK (outside_cents >= 0);

-- The schema's name is hashed as in V1: whoever changes api does it alone.
SELECT pg_advisory_xact_lock(hashtext('api'));

CREATE OR REPLACE VIEW api.returned_cash AS
    WITH payment AS (
        SELECT p.payment_id, p.invoice_id, p.session_id,
               coalesce(sum(r.amount_cents) FILTER (WHERE r.taken AND NOT r.returned), 0)
               + greatest(0, p.refunded_cents - coalesce(sum(r.amount_cents) FILTER (
                     WHERE r.kind = 'refund'
                       AND (p.refunded_seconds = 0
                            OR p.refunded_seconds BETWEEN r.made_seconds AND r.returned_seconds)), 0)) AS away_cents,
               coalesce(sum(r.amount_cents - r.outside_cents) FILTER (
                   WHERE r.kind = 'credit_note' AND r.taken AND NOT r.returned), 0) AS in_balance_cents
        FROM billing.payment AS p LEFT JOIN billing.reversal AS r USING (payment_id)
        WHERE p.refunded_cents > 0 OR r.payment_id IS NOT NULL
        GROUP BY p.payment_id)
    SELECT 'invoice:' || i.invoice_id AS source_ref, i.paid_cents,
           least(sum(p.away_cents), i.paid_cents)::bigint AS returned_cents,
           coalesce(i.cash_cents, i.paid_cents) AS cash_cents,
           least(sum(p.away_cents) - CASE WHEN i.cash_cents IS NULL THEN 0 ELSE sum(p.in_balance_cents) END,
                 coalesce(i.cash_cents, i.paid_cents))::bigint AS returned_cash_cents
    FROM payment AS p JOIN billing.invoice AS i USING (invoice_id) GROUP BY i.invoice_id
    UNION ALL
    SELECT 'session:' || t.session_id, t.paid_cents, least(sum(p.away_cents), t.paid_cents)::bigint, t.paid_cents,
           least(sum(p.away_cents), t.paid_cents)::bigint
    FROM payment AS p JOIN billing.top_up AS t USING (session_id) GROUP BY t.session_id;
