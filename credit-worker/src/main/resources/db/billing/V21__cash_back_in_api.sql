-- What of senders' cash has come back, for the gateway's proof, which compares it with what payout-worker was told of. changed_at: when
-- that changed last; just after, payout-worker may not know of it.

-- The schema's name is hashed as in V1: whoever changes api does it alone.
SELECT pg_advisory_xact_lock(hashtext('api'));

CREATE VIEW api.cash_back AS
    SELECT b.ref, b.user_id, b.cents,
           greatest((SELECT applied_at FROM billing.invoice WHERE invoice_id = b.purchase_id),
                    (SELECT applied_at FROM billing.top_up WHERE session_id = b.purchase_id),
                    (SELECT max(changed_at) FROM billing.payment WHERE invoice_id = b.purchase_id),
                    (SELECT max(changed_at) FROM billing.payment WHERE session_id = b.purchase_id)) AS changed_at
    FROM billing.cash_back AS b;

GRANT SELECT ON api.cash_back TO paymaster_gateway;
