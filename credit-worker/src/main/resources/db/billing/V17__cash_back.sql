-- Of the cash that purchases brought in for credits, what has come back and stayed away, for whoever counts it: by the rule of class
-- TakenBack, and without what credit notes pay into the customer's balance, as in api.returned_cash. Of an invoice that billed other
-- things, too, nobody knows what for it came back: credits bear their part, rounded up.
CREATE VIEW billing.cash_back AS
    SELECT 'invoice:' || invoice_id AS ref, invoice_id AS purchase_id, user_id,
           coalesce(div(revenue_cents * back_cents + cash_cents - 1, nullif(cash_cents, 0)), 0)::bigint AS cents
    FROM (
        SELECT i.invoice_id, i.user_id, i.revenue_cents, coalesce(i.cash_cents, i.paid_cents) AS cash_cents,
               greatest(0, least(
                   sum(p.away_cents - CASE WHEN i.cash_cents IS NULL THEN 0 ELSE r.in_balance_cents END),
                   coalesce(i.cash_cents, i.paid_cents))) AS back_cents
        FROM billing.invoice AS i JOIN api.payment AS p USING (invoice_id)
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(amount_cents - outside_cents), 0) AS in_balance_cents
            FROM billing.reversal
            WHERE payment_id = p.payment_id AND kind = 'credit_note' AND taken AND NOT returned) AS r
        GROUP BY i.invoice_id) AS invoice
    UNION ALL
    SELECT 'session:' || t.session_id, t.session_id, t.user_id, least(sum(p.away_cents), t.paid_cents)::bigint
    FROM billing.top_up AS t JOIN api.payment AS p USING (session_id) GROUP BY t.session_id;

GRANT SELECT ON billing.cash_back TO paymaster_credit;

-- Numbers the reckonings, each made while the purchase's payments are locked: an old one may be told again after a newer one.
CREATE SEQUENCE billing.review;
GRANT USAGE ON SEQUENCE billing.review TO paymaster_credit;
