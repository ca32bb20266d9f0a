-- Accounts in full, for the gateway's proof. The schema's name is hashed as in V1: whoever changes api does it alone.
SELECT pg_advisory_xact_lock(hashtext('api'));

CREATE VIEW api.account_state AS
    SELECT user_id, available, held, debt, sequence FROM ledger.account;

GRANT SELECT ON api.account_state TO paymaster_gateway;
