-- What has to be looked up at Stripe, because no event has said it so far. A row goes once it has been found.
CREATE TABLE billing.lookup (
    kind   text        NOT NULL CHECK (kind IN ('customer', 'invoice', 'payment')),
    id     text        NOT NULL, -- cus_… whose user, in_… whose lines, pi_… or ch_… whose invoice nobody knows
    due_at timestamptz NOT NULL,
    tries  integer     NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, id)
);
CREATE INDEX lookup_due ON billing.lookup (due_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON billing.lookup TO paymaster_credit;
