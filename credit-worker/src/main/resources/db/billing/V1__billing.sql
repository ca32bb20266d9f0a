-- What Stripe has billed, as far as credits follow from it. Credit-worker is the only writer.

-- Whose customer it is. The first link stands.
CREATE TABLE billing.customer (
    customer_id text        PRIMARY KEY,
    user_id     uuid        NOT NULL,
    linked_at   timestamptz NOT NULL
);

-- The highest tier paid for, per subscription and service period. A period is known by its end: an upgrade within it
-- is billed for what is left of it.
CREATE TABLE billing.entitlement (
    subscription_id text        NOT NULL,
    period_end      timestamptz NOT NULL,
    tier            text        NOT NULL,
    credits         bigint      NOT NULL CHECK (credits > 0), -- granted for this period so far, all in all
    PRIMARY KEY (subscription_id, period_end)
) WITH (fillfactor = 80);

-- Paid invoices that have had their effect, so that each has it once, however often and as whatever event it comes.
CREATE TABLE billing.invoice (
    invoice_id    text        PRIMARY KEY,
    customer_id   text,
    user_id       uuid        NOT NULL,
    event_id      text        NOT NULL,
    granted       bigint      NOT NULL CHECK (granted >= 0),
    revenue_cents bigint      NOT NULL CHECK (revenue_cents >= 0),
    applied_at    timestamptz NOT NULL
);

-- Paid invoices of customers whose user isn't known yet; applied in the batch that brings the link.
CREATE TABLE billing.parked_invoice (
    invoice_id  text        PRIMARY KEY,
    customer_id text        NOT NULL,
    event       bytea       NOT NULL, -- byte for byte as Stripe signed it
    parked_at   timestamptz NOT NULL
);
CREATE INDEX parked_invoice_customer ON billing.parked_invoice (customer_id);

GRANT USAGE ON SCHEMA billing TO paymaster_credit;
GRANT SELECT, INSERT ON billing.customer, billing.invoice TO paymaster_credit;
GRANT SELECT, INSERT, UPDATE ON billing.entitlement TO paymaster_credit;
GRANT SELECT, INSERT, DELETE ON billing.parked_invoice TO paymaster_credit;

-- Every module makes the schema api if it comes first; without the lock, two at once would collide.
SELECT pg_advisory_xact_lock(hashtext('api'));
CREATE SCHEMA IF NOT EXISTS api;
GRANT USAGE ON SCHEMA api TO paymaster_gateway;

-- For an answer whose event was missed.
CREATE VIEW api.credit_outcome AS
    SELECT command_id, request_hash, outcome FROM billing.command_log;

GRANT SELECT ON api.credit_outcome TO paymaster_gateway;
