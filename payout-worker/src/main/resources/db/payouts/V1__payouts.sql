-- Receivers' accounts, what they are owed, and every call to Stripe. ${role} is the worker's login role.
GRANT USAGE ON SCHEMA payouts TO ${role};

-- What Stripe last said of a receiver's connected account. One receiver, one account.
CREATE TABLE payouts.account (
    receiver          uuid        PRIMARY KEY,
    account_id        text        NOT NULL UNIQUE,
    details_submitted boolean     NOT NULL,
    transfers         text,                             -- state of Stripe's capability; 'active' alone means payable
    payouts_enabled   boolean     NOT NULL,
    requirements      text[]      NOT NULL,
    as_of             timestamptz NOT NULL              -- when Stripe said so: the newest wins, whatever arrives last
);

-- One per verified job. The partition that the receiver's commands are on changes its state; the dispatcher only
-- changes the claim columns and what is known of the current key.
CREATE TABLE payouts.payout (
    id              uuid        PRIMARY KEY,
    job_id          uuid        NOT NULL UNIQUE,        -- a job is paid once
    sender          uuid        NOT NULL,
    receiver        uuid        NOT NULL,
    amount_cents    bigint      NOT NULL CHECK (amount_cents > 0),
    description     text        NOT NULL,               -- goes to Stripe: one key, one body, so it is fixed here
    status          text        NOT NULL CHECK (status IN ('due', 'held', 'paid', 'failed', 'reversed')),
    reason          text        CHECK (reason IN ('account_not_active', 'insufficient_funds', 'refused')),
    detail          text,
    step            text        CHECK (step IN ('call', 'lookup')),
    next_attempt_at timestamptz,
    -- the current idempotency key, payout:<id>:<attempt>, and what is known of it
    attempt         integer     NOT NULL CHECK (attempt > 0),
    unknowns        integer     NOT NULL DEFAULT 0 CHECK (unknowns >= 0),
    waits           integer     NOT NULL DEFAULT 0 CHECK (waits >= 0),
    doubt_until     timestamptz,                        -- until then a call with this key may still be under way
    first_used_at   timestamptz,                        -- Stripe forgets a key 24 h after this
    account_id      text,                               -- the destination, fixed with the key's first use
    transfer_id     text        UNIQUE,
    sequence        bigint      NOT NULL CHECK (sequence > 0),
    calls           integer     NOT NULL DEFAULT 0 CHECK (calls >= 0),
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    -- the dispatcher's: who calls Stripe now, and until when it alone may
    claim           uuid,
    lease_until     timestamptz,
    CHECK ((step IS NULL) = (next_attempt_at IS NULL)),
    CHECK ((transfer_id IS NOT NULL) = (status IN ('paid', 'reversed'))),
    CHECK ((claim IS NULL) = (lease_until IS NULL)),
    CHECK ((first_used_at IS NULL) = (account_id IS NULL)),
    CHECK (CASE status
        WHEN 'due' THEN step IS NOT NULL AND reason IS NULL
        WHEN 'held' THEN reason IN ('account_not_active', 'insufficient_funds') AND step IS DISTINCT FROM 'call'
        WHEN 'failed' THEN reason = 'refused' AND step IS NULL
        ELSE step IS NULL AND reason IS NULL END)
) WITH (fillfactor = 80);

-- The dispatcher's queue, in the order in which it is served.
CREATE INDEX payout_queue ON payouts.payout (next_attempt_at, id) WHERE next_attempt_at IS NOT NULL;
-- What is released when an account becomes active.
CREATE INDEX payout_held ON payouts.payout (receiver) WHERE status = 'held';
-- Lists, newest first.
CREATE INDEX payout_receiver ON payouts.payout (receiver, id);

-- Each call to Stripe whose outcome is known, for people to read. Append-only.
CREATE TABLE payouts.attempt (
    payout_id   uuid        NOT NULL,
    number      integer     NOT NULL CHECK (number > 0),
    key         text        NOT NULL,
    at          timestamptz NOT NULL,
    outcome     text        NOT NULL CHECK (outcome IN
        ('paid', 'unknown', 'not_yet', 'absent', 'insufficient_funds', 'not_payable', 'refused')),
    detail      text        NOT NULL,
    transfer_id text        UNIQUE,
    next_step   text        NOT NULL,
    PRIMARY KEY (payout_id, number),
    CHECK ((transfer_id IS NOT NULL) = (outcome = 'paid'))
);

-- Token buckets that all workers share; the only row is that of calls to Stripe.
CREATE TABLE payouts.rate_limit (
    name        text             PRIMARY KEY,
    tokens      double precision NOT NULL CHECK (tokens >= 0),
    refilled_at timestamptz      NOT NULL
);
INSERT INTO payouts.rate_limit (name, tokens, refilled_at) VALUES ('stripe', 0, now());

GRANT SELECT, INSERT, UPDATE ON payouts.account, payouts.payout TO ${role};
GRANT SELECT, INSERT ON payouts.attempt TO ${role};
GRANT SELECT, UPDATE ON payouts.rate_limit TO ${role};

-- Every module makes the schema api if it comes first; without the lock, two at once would collide.
SELECT pg_advisory_xact_lock(hashtext('api'));
CREATE SCHEMA IF NOT EXISTS api;
GRANT USAGE ON SCHEMA api TO paymaster_gateway;

CREATE VIEW api.payout AS
    SELECT id, job_id, receiver, amount_cents, status, reason, detail, attempt, next_attempt_at, account_id,
           transfer_id, created_at, updated_at
    FROM payouts.payout;

CREATE VIEW api.payout_attempt AS
    SELECT payout_id, number, key, at, outcome, detail, transfer_id, next_step FROM payouts.attempt;

-- The status follows from what Stripe says as in AccountSnapshot.statusOf.
CREATE VIEW api.receiver_account AS
    SELECT receiver, account_id,
           CASE WHEN transfers = 'active' THEN 'active'
                WHEN details_submitted AND transfers = 'inactive' THEN 'restricted'
                ELSE 'pending' END AS status,
           details_submitted, transfers, payouts_enabled, requirements, as_of
    FROM payouts.account;

CREATE VIEW api.payout_outcome AS
    SELECT command_id, request_hash, outcome FROM payouts.command_log;

GRANT SELECT ON api.payout, api.payout_attempt, api.receiver_account, api.payout_outcome TO paymaster_gateway;
