-- What invoices have given back for service periods: unused time of whoever cancels or goes down at once, less what the same
-- invoice bills for the same period. It came out of what others had paid for that period, whichever are applied first.
CREATE TABLE billing.given_back (
    invoice_id      text        NOT NULL,
    subscription_id text        NOT NULL,
    period_end      timestamptz NOT NULL,
    cents           bigint      NOT NULL CHECK (cents >= 0), -- 0: it bills as much
    PRIMARY KEY (invoice_id, subscription_id, period_end)
);
CREATE INDEX given_back_period ON billing.given_back (subscription_id, period_end);

GRANT SELECT, INSERT ON billing.given_back TO paymaster_credit;

-- What of its invoice's paid_cents was paid for the claim's period. Null: applied by an older version, which counts all of it.
ALTER TABLE billing.claim ADD COLUMN paid_cents bigint CHECK (paid_cents >= 0);
