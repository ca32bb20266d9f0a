-- Packs that were paid for, so that each grants once, however often and as whatever event its checkout comes.
CREATE TABLE billing.top_up (
    session_id  text        PRIMARY KEY,
    user_id     uuid        NOT NULL,
    customer_id text,
    pack        text        NOT NULL,
    credits     bigint      NOT NULL CHECK (credits > 0),
    paid_cents  bigint      NOT NULL CHECK (paid_cents >= 0),
    revoked     bigint      NOT NULL DEFAULT 0 CHECK (revoked BETWEEN 0 AND credits), -- taken back by now
    event_id    text        NOT NULL,
    applied_at  timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON billing.top_up TO paymaster_credit;
