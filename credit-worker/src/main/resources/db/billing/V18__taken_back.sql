-- Credits that were taken from accounts because money came back, by purchase and user: what had lapsed before was not taken again.
-- For the gateway's proof. The schema's name is hashed as in V1: whoever changes api does it alone.
SELECT pg_advisory_xact_lock(hashtext('api'));

CREATE VIEW api.taken_back AS
    SELECT i.user_id, e.revoked - e.lapsed AS credits
    FROM billing.invoice AS i JOIN billing.claim AS c USING (invoice_id)
    JOIN billing.entitlement AS e USING (subscription_id, period_end)
    GROUP BY i.user_id, e.subscription_id, e.period_end
    UNION ALL
    SELECT user_id, revoked - lapsed FROM billing.top_up;

GRANT SELECT ON api.taken_back TO paymaster_gateway;
