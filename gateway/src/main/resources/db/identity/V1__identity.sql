-- Who may call, and who that is at Stripe. The gateway is the only writer; nothing here is money.

CREATE TABLE identity.app_user (
    id         uuid        PRIMARY KEY, -- UUIDv7: in order of creation
    name       text        NOT NULL,
    email      text,
    created_at timestamptz NOT NULL
);

-- Keys are random and long, so a plain hash can't be turned back, and looking one up takes the same time for all.
CREATE TABLE identity.api_key (
    id         uuid        PRIMARY KEY,
    user_id    uuid        NOT NULL REFERENCES identity.app_user,
    hash       bytea       NOT NULL UNIQUE, -- SHA-256 of the key
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX api_key_user ON identity.api_key (user_id);

-- A user's one customer at Stripe.
CREATE TABLE identity.stripe_customer (
    user_id     uuid        PRIMARY KEY,
    customer_id text        NOT NULL UNIQUE,
    created_at  timestamptz NOT NULL
);

-- A user's one connected account at Stripe.
CREATE TABLE identity.connected_account (
    user_id    uuid        PRIMARY KEY,
    account_id text        NOT NULL UNIQUE,
    created_at timestamptz NOT NULL
);

-- Answers to calls with an Idempotency-Key that the gateway carries out itself. Commands to workers are not here: their
-- outcomes stand in the workers' command logs.
CREATE TABLE identity.repeatable_call (
    id           bytea       PRIMARY KEY, -- SHA-256 of API key and Idempotency-Key
    request_hash bytea       NOT NULL,
    answer       bytea,                   -- sealed with the API key, as it may hold a new key; absent while under way
    lease_until  timestamptz NOT NULL,    -- until then the call may still be under way
    created_at   timestamptz NOT NULL
);
CREATE INDEX repeatable_call_age ON identity.repeatable_call (created_at);

GRANT USAGE ON SCHEMA identity TO ${role};
GRANT SELECT, INSERT ON identity.app_user, identity.stripe_customer, identity.connected_account TO ${role};
GRANT SELECT, INSERT, UPDATE ON identity.api_key TO ${role};
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.repeatable_call TO ${role};
