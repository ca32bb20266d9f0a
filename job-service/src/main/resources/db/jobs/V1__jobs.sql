-- Jobs. The module "job-service" is the only writer; the rules are in its class JobDecisions, and the CHECKs here say
-- the same once more, for whoever comes past it.

CREATE TABLE jobs.job (
    id           uuid        PRIMARY KEY, -- UUIDv7: in order of creation
    sender       uuid        NOT NULL,
    receiver     uuid,
    status       text        NOT NULL,
    skill        text        NOT NULL,
    credit_cost  bigint      NOT NULL CHECK (credit_cost > 0),   -- credits
    payout_cents bigint      NOT NULL CHECK (payout_cents >= 0), -- cents of a US dollar
    shadow       boolean     NOT NULL, -- created with Stripe off: never touches the ledger
    prompt       text        NOT NULL,
    title        text,
    criteria     text,
    output       text,
    verification json,                 -- as the verifier gave it; json, because jsonb would rewrite the scores
    sequence     bigint      NOT NULL CHECK (sequence > 0), -- of the last event
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    CHECK (status IN ('queued', 'accepted', 'submitted', 'verified', 'rejected', 'cancelled')),
    CHECK ((receiver IS NULL) = (status IN ('queued', 'cancelled'))),
    CHECK ((output IS NULL) = (status IN ('queued', 'cancelled', 'accepted'))),
    CHECK ((verification IS NULL) = (status NOT IN ('verified', 'rejected'))),
    CHECK (receiver <> sender),
    CHECK (updated_at >= created_at)
);

-- Lists are newest first, and their cursor is the last id. Every index costs each new job, so there are no more:
-- a user's lists are short enough to filter by status and skill.
CREATE INDEX job_sender ON jobs.job (sender, id);
CREATE INDEX job_receiver ON jobs.job (receiver, id) WHERE receiver IS NOT NULL;
CREATE INDEX job_open ON jobs.job (id) WHERE status = 'queued';

-- What was agreed at creation can't be changed even by the service itself.
GRANT USAGE ON SCHEMA jobs TO paymaster_job;
GRANT SELECT, INSERT ON jobs.job TO paymaster_job;
GRANT UPDATE (status, receiver, output, verification, sequence, updated_at) ON jobs.job TO paymaster_job;

-- Every module makes the schema api if it comes first; without the lock, two at once would collide.
SELECT pg_advisory_xact_lock(hashtext('api'));
CREATE SCHEMA IF NOT EXISTS api;
GRANT USAGE ON SCHEMA api TO paymaster_gateway;

CREATE VIEW api.job AS
    SELECT id, status, skill, credit_cost, payout_cents, shadow, prompt, title, criteria, sender, receiver, output,
           verification, sequence, created_at, updated_at
    FROM jobs.job;

-- For an answer whose event was missed.
CREATE VIEW api.job_outcome AS
    SELECT command_id, request_hash, outcome FROM jobs.command_log;

GRANT SELECT ON api.job, api.job_outcome TO paymaster_gateway;
