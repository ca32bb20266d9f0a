-- How much of revoked had lapsed: it was gone from the account, and nothing else was taken for it.
ALTER TABLE billing.entitlement ADD COLUMN lapsed bigint NOT NULL DEFAULT 0 CHECK (lapsed BETWEEN 0 AND revoked);
ALTER TABLE billing.top_up ADD COLUMN lapsed bigint NOT NULL DEFAULT 0 CHECK (lapsed BETWEEN 0 AND revoked);
