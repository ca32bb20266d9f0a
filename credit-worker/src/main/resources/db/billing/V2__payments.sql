-- What came back of the money that bought credits.

-- What an invoice entitles to for a period, whether or not it was the one to grant it. Reversals go by it: they must come to
-- the same in whatever order the invoices of a period were applied.
CREATE TABLE billing.claim (
    invoice_id      text        NOT NULL,
    number          integer     NOT NULL CHECK (number > 0), -- 1, 2 … within the invoice
    subscription_id text        NOT NULL,
    period_end      timestamptz NOT NULL,
    credits         bigint      NOT NULL CHECK (credits > 0),
    PRIMARY KEY (invoice_id, number)
);
CREATE INDEX claim_period ON billing.claim (subscription_id, period_end);

ALTER TABLE billing.invoice ADD COLUMN paid_cents bigint NOT NULL DEFAULT 0 CHECK (paid_cents >= 0);

-- revoked: how much of credits has been taken back. reversed: money of an invoice of this period has ever come back, so
-- whoever adds an invoice to it has it reviewed.
ALTER TABLE billing.entitlement
    ADD COLUMN revoked  bigint  NOT NULL DEFAULT 0 CHECK (revoked BETWEEN 0 AND credits),
    ADD COLUMN reversed boolean NOT NULL DEFAULT false;

-- What was charged. A refund or a dispute names only this; it waits here until it is known what was paid for by it.
CREATE TABLE billing.payment (
    payment_id     text        PRIMARY KEY, -- pi_…, or ch_… without one, or in_… for what came back without the payment
    invoice_id     text,
    session_id     text,
    refunded_cents bigint      NOT NULL DEFAULT 0 CHECK (refunded_cents >= 0), -- the highest sum that its charge told
    open           boolean     NOT NULL,    -- something came back that the ledger may not know of
    changed_at     timestamptz NOT NULL,
    CHECK (invoice_id IS NULL OR session_id IS NULL)
);
CREATE INDEX payment_invoice ON billing.payment (invoice_id) WHERE invoice_id IS NOT NULL;
CREATE INDEX payment_session ON billing.payment (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX payment_open ON billing.payment (changed_at) WHERE open;

-- A refund, a dispute, or what a credit note gave back otherwise than by a refund. taken and returned never become false
-- again, so it doesn't matter in which order they are told.
CREATE TABLE billing.reversal (
    payment_id   text    NOT NULL,
    reversal_id  text    NOT NULL,
    kind         text    NOT NULL CHECK (kind IN ('refund', 'dispute', 'credit_note')),
    amount_cents bigint  NOT NULL CHECK (amount_cents >= 0),
    taken        boolean NOT NULL, -- the money has left
    returned     boolean NOT NULL, -- and has come again: the refund failed, the dispute was won, the note was voided
    PRIMARY KEY (payment_id, reversal_id)
);

GRANT SELECT, INSERT ON billing.claim TO paymaster_credit;
GRANT SELECT, INSERT, UPDATE ON billing.payment, billing.reversal TO paymaster_credit;
